import { type Check, type Finding, type Fragment, fail, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import type { Container, Workload } from '../kinds';
import { show } from '../objects';
import { type SidecarFiles, unique, type Wanted } from '../wanted';

const SIDECARS = {
  datasources: { container: /sc-datasources$/, labelSetting: 'datasourceLabel' },
  dashboards: { container: /sc-dashboard$/, labelSetting: 'dashboardLabel' },
} as const;

/** What the environment of a sidecar says. */
interface Sidecar {
  readonly grafana: Workload;
  readonly label: string | undefined;
  /** Undefined takes every value of the label. */
  readonly labelValue: string | undefined;
  readonly resource: string;
  readonly namespaces: readonly string[] | 'all';
}

const check = (role: keyof typeof SIDECARS): Check => ({
  id: `grafana-${role}-sidecar`,
  source: 'https://github.com/grafana-community/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards',
  judge(wanted, cluster) {
    const files = wanted.sidecarFiles.filter((one) => one.role === role);
    if (files.length === 0) return [ok(`no ${role} are wanted`)];
    const grafanas = grafanaWorkloads(cluster);
    if (grafanas.length === 0)
      return [
        fail(
          'no Deployment or StatefulSet runs a container of Grafana',
          'install kube-prometheus-stack: docs/setup-prometheus-first.md',
        ),
      ];
    const sidecars = grafanas.flatMap((grafana) => sidecar(grafana, role));
    if (sidecars.length === 0)
      return [
        fail(`${grafanas.map(show).join(', ')} has no sidecar for ${role}`, 'turn it on', {
          kubePrometheusStack: helm(role, { enabled: true }),
        }),
      ];
    return judgeSidecar(sidecars, files, role, wanted);
  },
});

/** Grafana's sidecar for datasources finds ours. */
export const datasourcesSidecar = check('datasources');

/** Grafana's sidecar for dashboards finds ours. */
export const dashboardsSidecar = check('dashboards');

/** Workloads that run Grafana: by the name of its container in the chart, or by its image. */
export function grafanaWorkloads(cluster: Cluster): Workload[] {
  return ['Deployment', 'StatefulSet']
    .flatMap((kind) => cluster.all<Workload>(kind))
    .filter(({ spec }) =>
      spec.template.spec.containers.some(
        ({ name, image }) => name === 'grafana' || /\/grafana(?:-enterprise)?[:@]/.test(image ?? ''),
      ),
    );
}

function sidecar(grafana: Workload, role: keyof typeof SIDECARS): Sidecar[] {
  const { containers, initContainers = [] } = grafana.spec.template.spec;
  const found = [...containers, ...initContainers].find(({ name }) => SIDECARS[role].container.test(name));
  if (found === undefined) return [];
  const namespaces = variable(found, 'NAMESPACE');
  return [
    {
      grafana,
      label: variable(found, 'LABEL'),
      labelValue: variable(found, 'LABEL_VALUE'),
      resource: variable(found, 'RESOURCE') ?? 'configmap',
      namespaces:
        namespaces === 'ALL' ? 'all' : (namespaces?.split(',') ?? [grafana.metadata.namespace ?? '']),
    },
  ];
}

function variable({ env = [] }: Container, name: string): string | undefined {
  return env.find((one) => one.name === name)?.value;
}

function judgeSidecar(
  sidecars: readonly Sidecar[],
  files: readonly SidecarFiles[],
  role: keyof typeof SIDECARS,
  wanted: Wanted,
): Finding[] {
  const problems = sidecars.map((one) =>
    unique(files.flatMap((file) => mismatches(one, file, role, wanted))),
  );
  const best = problems.findIndex((one) => one.length === 0);
  const about = (one: Sidecar | undefined) =>
    one
      ? `${show(one.grafana)} reads ${role} with ${one.label}=${one.labelValue ?? '<any>'} in ${places(one)}`
      : '';
  if (best >= 0) return [ok(about(sidecars[best]))];
  if (sidecars.length > 1)
    return [
      unknown(
        `several Grafanas, none of which finds ours: ${sidecars.map(about).join('; ')}`,
        'set grafana.namespace and the labels to those of one',
      ),
    ];
  return mergeSame(problems[0] ?? []).map(({ what, cure, fragments }) =>
    fail(`${about(sidecars[0])}; ${what}`, cure, fragments),
  );
}

interface Mismatch {
  readonly what: string;
  readonly cure: string;
  readonly fragments: { ours?: Fragment; kubePrometheusStack?: Fragment };
}

function mismatches(
  { label, labelValue, resource, namespaces, grafana }: Sidecar,
  { object, label: own }: SidecarFiles,
  role: keyof typeof SIDECARS,
  { namespaces: used }: Wanted,
): Mismatch[] {
  const setting = SIDECARS[role].labelSetting;
  const found: Mismatch[] = [];
  if (label !== undefined && label !== own.key)
    found.push({
      what: `ours have the label ${own.key}`,
      cure: 'name the label',
      fragments: { ours: { grafana: { [setting]: label } } },
    });
  if (labelValue !== undefined && labelValue !== own.value)
    found.push({
      what: `ours have the value ${own.value}`,
      cure: 'name the value',
      fragments: { ours: { grafana: { [`${setting}Value`]: labelValue } } },
    });
  const namespace = object.metadata.namespace ?? '';
  if (namespaces !== 'all' && !namespaces.includes(namespace))
    found.push({
      what: `ours are in ${namespace} (of ${used.join(', ')})`,
      cure: 'name the namespace of Grafana',
      fragments: { ours: { grafana: { namespace: grafana.metadata.namespace } } },
    });
  const kinds =
    resource === 'both' ? ['ConfigMap', 'Secret'] : [resource === 'secret' ? 'Secret' : 'ConfigMap'];
  if (!kinds.includes(object.kind))
    found.push({
      what: `it reads ${kinds.join()}s only, and ours is a ${object.kind}`,
      cure: 'let it read both',
      fragments: { kubePrometheusStack: helm(role, { resource: 'both' }) },
    });
  return found;
}

function mergeSame(problems: readonly Mismatch[]): Mismatch[] {
  return [...new Map(problems.map((problem) => [problem.what, problem])).values()];
}

function places({ namespaces }: Sidecar): string {
  return namespaces === 'all' ? 'every namespace' : `namespace ${namespaces.join(', ')}`;
}

function helm(role: string, fields: Fragment): Fragment {
  return { grafana: { sidecar: { [role]: fields } } };
}
