import { nameOf } from '../../kubernetes/object';
import { type Check, type Fragments, fail, notRequired, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import type { Desired } from '../desired';
import type { ObjectOf, Workload } from '../kinds';
import { podSpec, runs } from '../pods';

type Role = 'datasources' | 'dashboards';

/** Objects that a Grafana sidecar should select. */
type Files = ObjectOf<'ConfigMap' | 'Secret'>;

/** Configuration of a sidecar from its environment. */
interface Sidecar {
  readonly grafana: Workload;
  readonly label: string | undefined;
  /** Undefined accepts every value of the label. */
  readonly labelValue: string | undefined;
  readonly resource: string;
  /** Undefined means every namespace. */
  readonly namespaces: readonly string[] | undefined;
}

/** Why a sidecar does not find an object, and the fix. */
interface Mismatch extends Fragments {
  readonly what: string;
  readonly fix: string;
}

const check = (role: Role): Check => ({
  id: `grafana-${role}-sidecar`,
  source: 'https://github.com/grafana-community/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards',
  command: 'get deployments,statefulsets --all-namespaces -l app.kubernetes.io/name=grafana -o yaml',
  *assess(desired, cluster) {
    const files = filesFor(role, desired);
    if (files.length === 0) return notRequired(`no ${role} are rendered`);
    const grafanas = grafanaWorkloads(cluster);
    if (cluster.workloads.length === 0) return undefined;
    if (grafanas.length === 0)
      return fail(
        cluster.workloads,
        'no Deployment or StatefulSet runs a container of Grafana',
        'install kube-prometheus-stack: docs/setup-prometheus-first.md',
      );
    const sidecars = grafanas.flatMap((grafana) => sidecarOf(grafana, role));
    if (sidecars.length === 0)
      return fail(grafanas, `${grafanas.map(nameOf).join(', ')} has no sidecar for ${role}`, 'enable it', {
        kubePrometheusStack: helm(role, { enabled: true }),
      });
    const about = ({ grafana, label, labelValue, namespaces }: Sidecar) =>
      `${nameOf(grafana)} reads ${role} with ${label}=${labelValue ?? '<any>'} in ${namespaces === undefined ? 'every namespace' : `namespace ${namespaces.join(', ')}`}`;
    const reasons = sidecars.map((one) => files.flatMap((file) => [...mismatches(one, file, role, desired)]));
    const fitting = sidecars.find((_, index) => reasons[index]?.length === 0);
    if (fitting !== undefined) return ok([fitting.grafana], about(fitting));
    if (sidecars.length > 1)
      return unknown(
        grafanas,
        `there are several Grafana instances, and none of them finds the ${role}: ${sidecars.map(about).join('; ')}`,
        'set grafana.namespace and the labels to those of one',
      );
    for (const { what, fix, ...paste } of new Map(reasons.flat().map((one) => [one.what, one])).values())
      yield fail(grafanas, `${sidecars.map(about)}; ${what}`, fix, paste);
    return undefined;
  },
});

/** The datasource sidecar of Grafana finds the datasources. */
export const datasourcesSidecar = check('datasources');

/** The dashboard sidecar of Grafana finds the dashboards. */
export const dashboardsSidecar = check('dashboards');

/** What is rendered for a sidecar. */
export function filesFor(role: Role, desired: Desired): Files[] {
  const { datasourceLabel, dashboardLabel } = desired.settings.grafana;
  const key = role === 'datasources' ? datasourceLabel : dashboardLabel;
  return [...desired.kind('ConfigMap'), ...desired.kind('Secret')].filter(
    ({ metadata }) => metadata.labels?.[key] !== undefined,
  );
}

/** Workloads that run Grafana, by the container name of the chart or by the image. */
export function grafanaWorkloads(cluster: Cluster): Workload[] {
  const isGrafana = /\/grafana(?:-enterprise)?[:@]/;
  return cluster.findWorkloads((workload) =>
    runs(workload, ({ name, image }) => name === 'grafana' || isGrafana.test(image ?? '')),
  );
}

function sidecarOf(grafana: Workload, role: Role): Sidecar[] {
  const { containers, initContainers = [] } = podSpec(grafana);
  const suffix = role === 'datasources' ? 'sc-datasources' : 'sc-dashboard';
  const found = [...containers, ...initContainers].find(({ name }) => name?.endsWith(suffix));
  if (found === undefined) return [];
  const variable = (name: string) => found.env?.find((one) => one.name === name)?.value;
  const namespaces = variable('NAMESPACE') ?? grafana.metadata.namespace ?? '';
  return [
    {
      grafana,
      label: variable('LABEL'),
      labelValue: variable('LABEL_VALUE'),
      resource: variable('RESOURCE') ?? 'configmap',
      namespaces: namespaces === 'ALL' ? undefined : namespaces.split(','),
    },
  ];
}

function* mismatches(sidecar: Sidecar, file: Files, role: Role, desired: Desired): Generator<Mismatch> {
  const { label, labelValue, resource, namespaces, grafana } = sidecar;
  const { grafana: settings } = desired.settings;
  const ofDatasources = role === 'datasources';
  const key = ofDatasources ? settings.datasourceLabel : settings.dashboardLabel;
  const value = ofDatasources ? settings.datasourceLabelValue : settings.dashboardLabelValue;
  if (label !== undefined && label !== key)
    yield {
      what: `those of this stack have the label ${key}`,
      fix: 'set the label',
      values: { grafana: ofDatasources ? { datasourceLabel: label } : { dashboardLabel: label } },
    };
  if (labelValue !== undefined && labelValue !== value)
    yield {
      what: `those of this stack have the value ${value}`,
      fix: 'set the value',
      values: {
        grafana: ofDatasources ? { datasourceLabelValue: labelValue } : { dashboardLabelValue: labelValue },
      },
    };
  const own = grafana.metadata.namespace ?? '';
  if (namespaces !== undefined && !namespaces.includes(file.metadata.namespace ?? ''))
    yield {
      what: `those of this stack are in ${file.metadata.namespace}`,
      // Dashboards stay next to the stack, regardless of grafana.namespace.
      ...(ofDatasources && namespaces.includes(own) && desired.settings.grafana.namespace !== own
        ? { fix: 'set the namespace of Grafana', values: { grafana: { namespace: own } } }
        : {
            fix: 'let the sidecar search every namespace',
            kubePrometheusStack: helm(role, { searchNamespace: 'ALL' }),
          }),
    };
  const kinds = { both: ['ConfigMap', 'Secret'], secret: ['Secret'] }[resource] ?? ['ConfigMap'];
  if (!kinds.includes(file.kind))
    yield {
      what: `it reads only ${kinds.join()}s, and that of this stack is a ${file.kind}`,
      fix: 'let it read both',
      kubePrometheusStack: helm(role, { resource: 'both' }),
    };
}

function helm(role: Role, fields: object) {
  return { grafana: { sidecar: { [role]: fields } } };
}
