import { relaysOf } from '../collector/relays';
import { at, type Json, listAt, mapAt, textAt } from '../kubernetes/json';

/** A data flow through a collector: the receiver, the steps in between, and the exporter. */
export interface Flow {
  /** Receiver and protocol with the address, such as `otlp/grpc (0.0.0.0:4317)`. */
  readonly entry: string;
  /** Exporter with its address, such as `otlp_grpc/tempo (tempo:4317)`. */
  readonly exit: string;
  /** Processors and connectors, in order. */
  readonly via: readonly string[];
}

/**
 * Every data flow through a collector's pipelines. An exporter that sends to a receiver of the same process passes data on, as
 * a connector does. A receiver, processor or exporter that is in no pipeline does not
 * run, even if it is configured.
 *
 * @see https://opentelemetry.io/docs/collector/architecture/
 */
export function flowsOf(config: Json): Flow[] {
  const pipelines = Object.entries(mapAt(config, 'service', 'pipelines'));
  const connectors = Object.keys(mapAt(config, 'connectors'));
  const relays = relaysOf(config);
  const names = (pipeline: Json, key: string) => listAt(pipeline, key).map(String);

  const exitsFrom = (
    source: string,
    passed: readonly string[],
    visited: readonly string[],
  ): Omit<Flow, 'entry'>[] =>
    pipelines
      .filter(([id, pipeline]) => names(pipeline, 'receivers').includes(source) && !visited.includes(id))
      .flatMap(([id, pipeline]) => {
        const via = [...passed, ...names(pipeline, 'processors')];
        return names(pipeline, 'exporters').flatMap((exporter) => {
          const relay = relays.get(exporter);
          if (relay !== undefined) return exitsFrom(relay, via, [...visited, id]);
          return connectors.includes(exporter)
            ? exitsFrom(exporter, [...via, exporter], [...visited, id])
            : [{ exit: withAddress(exporter, at(config, 'exporters', exporter)), via }];
        });
      });

  const receivers = [...new Set(pipelines.flatMap(([, pipeline]) => names(pipeline, 'receivers')))];
  return receivers
    .filter((receiver) => ![...connectors, ...relays.values()].includes(receiver))
    .flatMap((receiver) => {
      const exits = exitsFrom(receiver, [], []);
      return entriesOf(receiver, at(config, 'receivers', receiver)).flatMap((entry) =>
        exits.map((exit) => ({ entry, ...exit })),
      );
    });
}

/** A receiver listens once per protocol. */
function entriesOf(name: string, receiver: Json | undefined): string[] {
  const protocols = Object.entries(mapAt(receiver, 'protocols'));
  return protocols.length === 0
    ? [withAddress(name, receiver)]
    : protocols.map(([protocol, one]) => withAddress(`${name}/${protocol}`, one));
}

function withAddress(name: string, component: Json | undefined): string {
  const endpoint = textAt(component, 'endpoint');
  return endpoint === undefined ? name : `${name} (${endpoint})`;
}
