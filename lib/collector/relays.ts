import { at, type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { changedSections } from '../review/config-rules';
import { difference } from '../review/difference';

/** Exporters that send to a receiver of the same process, and that receiver. */
export function relaysOf(config: Json): Map<string, string> {
  const receivers = new Map(
    Object.entries(mapAt(config, 'receivers')).flatMap(([name, receiver]) =>
      Object.values(mapAt(receiver, 'protocols')).map((one) => [textAt(one, 'endpoint'), name]),
    ),
  );
  return new Map(
    Object.entries(mapAt(config, 'exporters')).flatMap(([name, exporter]) => {
      const endpoint = textAt(exporter, 'endpoint');
      const receiver = endpoint?.startsWith('127.0.0.1:') ? receivers.get(endpoint) : undefined;
      return receiver === undefined ? [] : [[name, receiver]];
    }),
  );
}

/** An exporter that is the queue of others, behind a receiver of the same process. */
interface Relay {
  readonly exporter: string;
  readonly receiver: string;
  readonly pipelines: readonly string[];
  /** The exporters whose queue it is. */
  readonly others: readonly string[];
}

function relayOf(config: Json, exporter: string): Relay {
  const receiver = relaysOf(config).get(exporter) ?? '';
  const pipelines = Object.entries(mapAt(config, 'service', 'pipelines')).filter(([, pipeline]) =>
    listAt(pipeline, 'receivers').includes(receiver),
  );
  return {
    ...{ exporter, receiver },
    pipelines: pipelines.map(([id]) => id),
    others: pipelines.flatMap(([, pipeline]) => listAt(pipeline, 'exporters').map(String)),
  };
}

/** The effect of queues that are exporters of their own: where they appear, go, or use another port. */
export function relayFindings(versions: ConfigVersions): ConfigFinding[] {
  const [old, next] = [relaysOf(versions.old), relaysOf(versions.new)];
  const kept = [...old].filter(([name, receiver]) => next.get(name) === receiver);
  const ports = kept.flatMap(([name, receiver]) => [
    `exporters.${name}.endpoint`,
    `receivers.${receiver}.protocols.grpc.endpoint`,
  ]);
  const moved: ConfigFinding[] =
    changedSections(versions, ports).length > 0
      ? [{ effect: 'live', rule: 'collector-relay-port', paths: ports }]
      : [];
  return [...changeFindings(versions), ...moved];
}

function changeFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const { added, removed } = difference(relaysOf(old).keys(), relaysOf(next).keys());
  const relays = [...added.map((name) => relayOf(next, name)), ...removed.map((name) => relayOf(old, name))];
  if (relays.length === 0) return [];
  const whole = [
    'service.pipelines.*.exporters',
    ...relays.flatMap(({ exporter, receiver, pipelines, others }) => [
      ...[`exporters.${exporter}`, `receivers.${receiver}`],
      ...pipelines.map((id) => `service.pipelines.${id}`),
      ...others.flatMap((one) =>
        ['sending_queue', 'retry_on_failure'].map((part) => `exporters.${one}.${part}`),
      ),
    ]),
  ];
  const findings: ConfigFinding[] = [{ effect: 'live', rule: 'collector-relay', paths: whole, whole }];
  const isStored = relays.some(({ others }) =>
    others.some(
      (one) =>
        [old, next].every((config) => at(config, 'exporters', one) !== undefined) &&
        [old, next].some(
          (config) => textAt(config, 'exporters', one, 'sending_queue', 'storage') !== undefined,
        ),
    ),
  );
  if (!isStored) return findings;
  const says = 'the queue moves to another exporter: data in the old one is never sent';
  return [...findings, { effect: 'data-loss', rule: 'collector-queue-moved', says, paths: whole }];
}
