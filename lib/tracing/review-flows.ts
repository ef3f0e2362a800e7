import { mapAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { changedSections } from '../review/config-rules';
import { type CaseRow, casesFound, difference } from '../review/difference';
import { type Flow, flowsOf } from './pipeline-graph';
import { CLUSTER_PROCESSOR } from './pod-metadata';

/** Processors that discard spans. */
const isSampler = (name: string) => /^(?:tail_sampling|probabilistic_sampler|filter)(?:\/|$)/.test(name);
const isLimiter = (name: string) => /^memory_limiter(?:\/|$)/.test(name);
/** Processors and connectors that do not change spans, and those about which the rule of tenants is. */
const isNeutral = (name: string) =>
  /^(?:batch|forward|routing)(?:\/|$)|^transform\/(?:claims|jaeger|no-pod)$/.test(name);
const isOther = (name: string) =>
  name !== CLUSTER_PROCESSOR && ![isSampler, isLimiter, isNeutral].some((is) => is(name));

/** How changes to pipelines and their components affect spans. */
export function flowFindings(versions: ConfigVersions): ConfigFinding[] {
  return [...pipelineFindings(versions), ...unusedFindings(versions)];
}

/** Components that are in no pipeline and do not run. */
function unusedFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const used = [old, next].map((config) => JSON.stringify(mapAt(config, 'service', 'pipelines'))).join();
  const paths = ['receivers', 'processors', 'exporters', 'connectors'].flatMap((section) =>
    [old, next]
      .flatMap((config) => Object.keys(mapAt(config, section)))
      .filter((name) => !used.includes(JSON.stringify(name)))
      .map((name) => `${section}.${name}`),
  );
  const isChanged = changedSections({ old, new: next, today: '' }, paths).length > 0;
  return isChanged ? [{ effect: 'live', rule: 'collector-unused', paths }] : [];
}

/** Receivers, steps and exporters, before and after. */
function pipelineFindings(versions: ConfigVersions): ConfigFinding[] {
  const [before, after] = [flowsOf(versions.old), flowsOf(versions.new)];
  const ends = (key: 'entry' | 'exit') =>
    difference(
      before.map((flow) => flow[key]),
      after.map((flow) => flow[key]),
    );
  const { removed: closed, added: opened } = ends('entry');
  const { removed: lost, added: gained } = ends('exit');
  const { kept, cut } = pairedFlows(before, after);
  const paths = [
    'service.pipelines',
    ...[...closed, ...opened].flatMap((end) => componentPaths('receivers', end)),
    ...[...lost, ...gained].flatMap((end) => componentPaths('exporters', end)),
  ];
  const [old, next] = [versions.old, versions.new].map((config) => Object.keys(mapAt(config, 'exporters')));
  const stores = difference(old ?? [], next ?? []);
  const whole = [...stores.added, ...stores.removed]
    .filter((name) => name.startsWith('otlp'))
    .map((name) => `exporters.${name}`);
  const elsewhere = [...gained, ...lost.map((one) => `not ${one}`)];
  // Only flows whose ends both still exist.
  const cutFlows = unique(
    cut
      .filter(({ entry, exit }) => !closed.includes(entry) && !lost.includes(exit))
      .map(({ entry, exit, via }) => [entry, ...via.filter((name) => !isNeutral(name)), exit].join(' → ')),
  );
  const refused = (some: string) => `applications that send by ${some} are rejected and drop their spans`;
  const isMoved = lost.length > 0;
  const findings = casesFound([
    ['data-loss', 'collector-receiver-gone', closed, refused],
    ['access', 'collector-receiver-new', opened, (some) => `spans are accepted by ${some}`],
    ['data-loss', 'collector-exporter', isMoved ? elsewhere : [], (some) => `data goes elsewhere: ${some}`],
    ['access', 'collector-exporter-new', isMoved ? [] : gained, (some) => `data is also sent to ${some}`],
    ['data-loss', 'collector-flow-cut', cutFlows, (some) => `data no longer flows: ${some}`],
    ...processorChanges(kept),
  ]).map((found) => ({ ...found, paths, whole }));
  if (findings.length > 0 || changedSections(versions, ['service.pipelines']).length === 0) return findings;
  return [{ effect: 'live', rule: 'collector-pipelines', paths }];
}

/**
 * Flows with the same ends. Those with the same steps come first, because several connectors may join the same ends.
 */
function pairedFlows(before: readonly Flow[], after: readonly Flow[]) {
  const rest = [...after];
  const take = (old: Flow, isPair: (next: Flow) => boolean) => {
    const index = rest.findIndex(
      (next) => next.entry === old.entry && next.exit === old.exit && isPair(next),
    );
    return index < 0 ? [] : rest.splice(index, 1).map((next) => ({ old, next }));
  };
  const same = before.flatMap((old) => take(old, (next) => next.via.join() === old.via.join()));
  const others = before.filter((flow) => !same.some(({ old }) => old === flow));
  const kept = others.flatMap((old) => take(old, () => true));
  return { kept, cut: others.filter((flow) => !kept.some(({ old }) => old === flow)) };
}

/** The steps of flows that remain. */
function processorChanges(kept: readonly { old: Flow; next: Flow }[]): CaseRow[] {
  const missing = (is: (name: string) => boolean, from: 'old' | 'next', to: 'old' | 'next') =>
    unique(
      kept.flatMap((pair) =>
        pair[from].via
          .filter((name) => is(name) && !pair[to].via.includes(name))
          .map((name) => `${name} on the way to ${pair.old.exit}`),
      ),
    );
  const [sampled, unsampled] = [missing(isSampler, 'next', 'old'), missing(isSampler, 'old', 'next')];
  const unlimited = missing(isLimiter, 'old', 'next');
  const others = [
    ...missing(isOther, 'next', 'old').map((one) => `new: ${one}`),
    ...missing(isOther, 'old', 'next').map((one) => `gone: ${one}`),
  ];
  const order = ({ via }: Flow) => via.filter((name) => !isNeutral(name));
  const reordered = kept.filter(
    ({ old, next }) =>
      order(old).join() !== order(next).join() && order(old).sort().join() === order(next).sort().join(),
  );
  const orders = unique(reordered.map(({ next }) => next.via.join(' → ')));
  return [
    ['data-loss', 'collector-sampled', sampled, (some) => `spans are discarded: ${some}`],
    ['capacity', 'collector-unsampled', unsampled, (some) => `all spans pass: ${some} was removed`],
    [
      'data-loss',
      'collector-unlimited',
      unlimited,
      (some) => `nothing limits the memory of spans: ${some} was removed`,
    ],
    ['unknown', 'collector-processors', others, (some) => `spans pass other processors (${some})`],
    [
      'unknown',
      'collector-processor-order',
      orders,
      (some) => `spans pass their processors in another order (${some})`,
    ],
  ];
}

/** Paths of the component at the end of a flow: `otlp/grpc (…)` is a protocol of the receiver `otlp`. */
function componentPaths(section: string, end: string): string[] {
  const name = end.replace(/ \(.*$/, '');
  return [name, name.replace(/\/[^/]*$/, '')].map((one) => `${section}.${one}`);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
