import { keysOf, matches } from '../../diff/path';
import { unfold } from '../../manifests/embedded';
import { EmbeddedDocument, mapAt } from '../../manifests/json';
import { nameOf } from '../../manifests/manifest';
import { sizeOf } from '../bill';
import { judgeCollector } from '../configs/collector';
import type { ConfigJudge, ConfigVersions } from '../configs/config';
import { judgeDashboard, judgeDatasources } from '../configs/grafana';
import { judgeLoki } from '../configs/loki';
import { judgePromtail } from '../configs/promtail';
import { judgeTempo } from '../configs/tempo';
import type { Context, EffectiveChange } from '../context';
import { type ConfigType, configType } from '../daemons';
import type { Finding } from '../finding';
import { claimIn, claimsOf, podOf, readersOf } from '../pods';
import { withoutPassword } from '../words';

const JUDGES: Readonly<Record<ConfigType, ConfigJudge>> = {
  loki: judgeLoki,
  tempo: judgeTempo,
  promtail: judgePromtail,
  collector: judgeCollector,
  datasources: judgeDatasources,
  dashboard: judgeDashboard,
};

/** What changes of the configuration of known daemons do, in the words of logs, traces and dashboards. */
export function configs(context: Context): Finding[] {
  return context.changed.flatMap((object) => {
    const [old, next] = [documentsOf(object.old), documentsOf(object.new)];
    return [...next].flatMap(([file, after]) => {
      const before = old.get(file);
      const type = configType(after.data) ?? configType(before?.data ?? null);
      if (before === undefined || type === undefined || before.text === after.text) return [];
      return judged(context, object, file, { type, old: before, new: after });
    });
  });
}

function judged(
  context: Context,
  object: EffectiveChange,
  file: string,
  config: { type: ConfigType; old: EmbeddedDocument; new: EmbeddedDocument },
): Finding[] {
  const volume = volumeOf(context, object);
  const versions: ConfigVersions = {
    old: config.old.data,
    new: config.new.data,
    today: context.today,
    ...(volume && { volume }),
  };
  const inFile = object.changes.filter(({ path }) => path[1] === file && typeof path[2] === 'symbol');
  if (inFile.length === 0) return [];
  return JUDGES[config.type](versions).map(({ paths, title, ...rest }): Finding => {
    const changes = inFile.filter(({ path }) =>
      paths.some((pattern) => within(pattern, keysOf(path).slice(2))),
    );
    return {
      ...rest,
      object: object.new,
      title: `${nameOf(object.new)}: ${withoutPassword(title)}`,
      changes,
    };
  });
}

/** Whether a change is of a field that a pattern names, of one in it, or of a section around it. */
function within(pattern: string, keys: readonly string[]): boolean {
  const fixed = pattern
    .replace(/\.?\*\*$/, '')
    .split('.')
    .filter(Boolean);
  return matches(`${[...fixed, '**'].join('.')}`, keys) || keys.every((key, index) => key === fixed[index]);
}

function documentsOf(object: EffectiveChange['new']): Map<string, EmbeddedDocument> {
  const content = unfold(object);
  const files = [...Object.entries(mapAt(content, 'data')), ...Object.entries(mapAt(content, 'stringData'))];
  return new Map(
    files.flatMap(([name, value]) => (value instanceof EmbeddedDocument ? [[name, value]] : [])),
  );
}

/** The volume that a pod which reads a configuration keeps its data on. */
function volumeOf({ cluster }: Context, { new: object }: EffectiveChange): ConfigVersions['volume'] {
  for (const { workload } of readersOf(cluster.new, object)) {
    const pod = podOf(workload);
    for (const name of pod ? claimsOf(pod) : []) {
      const [old, next] = [cluster.old, cluster.new].map((one) => claimIn(one, workload.namespace, name));
      if (next) return { name, old: sizeOf((old ?? next).content), new: sizeOf(next.content) };
    }
  }
  return undefined;
}
