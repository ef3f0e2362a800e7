import { nameOf } from '../../kubernetes/object';
import { admitsLevel, POD_SECURITY_LABEL, strictestLevel, violationsOf } from '../../kubernetes/pod-security';
import { type Check, type Finding, fail, notRequired, ok, unknown, warn } from '../check';
import type { Cluster } from '../cluster';
import { unique } from '../desired';
import type { ObjectOf, Workload } from '../kinds';
import { isAutopilot, isOpenShift, kubeletVersion, names, osImage } from '../nodes';

type Node = ObjectOf<'Node'>;

const levelOf = ({ spec }: Workload) => strictestLevel(violationsOf(spec?.template));

/** The Pod Security level of each namespace, and additional checks of platforms, allow the pods of the stack. */
export const podSecurity: Check = {
  id: 'pod-security',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  command: 'get namespaces --show-labels',
  *assess({ namespaces, workloads }, cluster) {
    if (workloads.length === 0) return notRequired('no pods are rendered');
    const nodes = cluster.some('Node');
    yield* platforms(workloads, nodes, cluster);
    for (const namespace of cluster.namespaces(namespaces)) {
      const pods = workloads.filter(({ metadata }) => metadata.namespace === namespace.metadata.name);
      if (pods.length > 0) yield judgeNamespace(namespace, pods, nodes, cluster);
    }
    return undefined;
  },
};

/** The pods that a level rejects, with the reasons. */
function refused(pods: readonly Workload[], level: string | undefined): string[] {
  return pods
    .filter((workload) => !admitsLevel(level, levelOf(workload)))
    .map((workload) => {
      const worst = levelOf(workload);
      const reasons = violationsOf(workload.spec?.template).filter((one) => one.level === worst);
      return `${nameOf(workload)} (it ${unique(reasons.map(({ what }) => what)).join(', ')})`;
    });
}

function judgeNamespace(
  namespace: ObjectOf<'Namespace'>,
  pods: readonly Workload[],
  nodes: readonly Node[],
  cluster: Cluster,
): Finding {
  const { name, labels = {} } = namespace.metadata;
  const label = (mode: string) => labels[`${POD_SECURITY_LABEL}${mode}`];
  // Without a label, the default of the cluster applies, which no object shows. kube-system is exempt.
  const unlabelled = label('enforce') === undefined && name !== 'kube-system' ? nodes : [];
  const talos = unlabelled.filter((node) => osImage(node).startsWith('Talos'));
  const level = talos.length > 0 ? 'baseline' : label('enforce');
  const privileged = cluster.kubectl(
    `label namespace ${name} ${POD_SECURITY_LABEL}enforce=privileged --overwrite`,
  );
  const rejected = refused(pods, level);
  if (rejected.length > 0)
    return fail(
      [namespace, ...talos],
      `namespace ${name} enforces ${level}${talos.length > 0 ? ' (the default of Talos)' : ''}, which refuses ${rejected.join(', ')}`,
      `${privileged}, or set cluster.namespace to a namespace that allows host paths`,
    );
  // RKE2 with a CIS profile, and VMware TKG.
  const hardened = unlabelled.filter((node) => /\+(?:rke2|vmware)/.test(kubeletVersion(node)));
  if (hardened.length > 0 && refused(pods, 'restricted').length > 0)
    return unknown(
      [namespace, ...hardened],
      `namespace ${name} has no label ${POD_SECURITY_LABEL}enforce, and Kubernetes ${kubeletVersion(hardened[0] as Node)} may enforce restricted by default`,
      `set the level: ${privileged}`,
    );
  const warned = unique(['warn', 'audit'].flatMap((mode) => refused(pods, label(mode))));
  if (warned.length > 0)
    return warn(
      [namespace],
      `namespace ${name} warns about or audits ${warned.join(', ')}`,
      'nothing is refused; expect a warning with each apply',
    );
  return ok([namespace, ...talos], `namespace ${name} enforces ${level ?? 'no level by a label'}`);
}

function* platforms(
  workloads: readonly Workload[],
  nodes: readonly Node[],
  cluster: Cluster,
): Generator<Finding> {
  const onHost = workloads.filter((workload) => levelOf(workload) === 'privileged').map(nameOf);
  const autopilot = nodes.filter(isAutopilot);
  if (autopilot.length > 0 && onHost.length > 0)
    yield fail(
      autopilot,
      `GKE Autopilot manages ${names(autopilot)} and refuses ${onHost.join(', ')}: pods may not write to folders of their node`,
      'use a Standard cluster or node pool; Autopilot itself sends logs to Cloud Logging',
    );
  const openShift = nodes.filter(isOpenShift);
  if (openShift.length > 0)
    yield unknown(
      openShift,
      `OpenShift admits ${workloads.map(nameOf).join(', ')} by SecurityContextConstraints, which preflight does not read`,
      `grant them: docs/nodes.md; then look for events: ${cluster.kubectl('get events --all-namespaces --field-selector reason=FailedCreate')}`,
    );
}
