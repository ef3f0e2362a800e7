import { type Check, type Finding, fail, ok, warn } from '../check';
import type { Container, PodSpec } from '../kinds';
import { show } from '../objects';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof LEVELS)[number];
const PREFIX = 'pod-security.kubernetes.io';

/** The Pod Security level of each namespace lets our pods in. */
export const podSecurity: Check = {
  id: 'pod-security',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  judge(wanted, cluster) {
    return wanted.namespaces.flatMap((name) => {
      const labels =
        cluster.all('Namespace').find(({ metadata }) => metadata.name === name)?.metadata.labels ?? {};
      const pods = wanted.workloads.filter(({ metadata }) => metadata.namespace === name);
      const judged = (mode: string) =>
        pods.filter(({ spec }) => !admits(labels[`${PREFIX}/${mode}`], strictest(spec.template.spec)));
      const refused = judged('enforce');
      if (refused.length > 0)
        return [
          fail(
            `namespace ${name} enforces ${labels[`${PREFIX}/enforce`]}, which refuses the pods of ${refused.map(show).join(', ')} (it reads log files of the node)`,
            `kubectl label namespace ${name} ${PREFIX}/enforce=privileged --overwrite, or set cluster.namespace to a namespace that allows host paths`,
          ),
        ];
      const warned = [...new Set([...judged('warn'), ...judged('audit')])];
      return pods.length === 0
        ? []
        : [warned.length === 0 ? ok(enforced(name, labels)) : toldOf(name, warned.map(show))];
    });
  },
};

function enforced(name: string, labels: Readonly<Record<string, string>>): string {
  return `namespace ${name} enforces ${labels[`${PREFIX}/enforce`] ?? 'no level by a label'}`;
}

function toldOf(name: string, pods: readonly string[]): Finding {
  return warn(
    `namespace ${name} warns of or audits the pods of ${pods.join(', ')}`,
    'nothing is refused; expect a warning with each apply',
  );
}

function admits(level: string | undefined, strictestOfPod: Level): boolean {
  return LEVELS.indexOf(strictestOfPod) >= LEVELS.indexOf((level as Level) ?? 'privileged');
}

/** The strictest level that admits a pod. */
export function strictest(spec: PodSpec): Level {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const host = spec.hostNetwork || spec.hostPID || spec.hostIPC;
  const hostPaths = (spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined);
  if (host || hostPaths || containers.some(isPrivileged)) return 'privileged';
  return containers.every((container) => isRestricted(container, spec)) ? 'restricted' : 'baseline';
}

function isPrivileged({ securityContext, ports }: Container): boolean {
  return (
    securityContext?.privileged === true ||
    (securityContext?.capabilities?.add ?? []).length > 0 ||
    (ports ?? []).some(({ hostPort }) => hostPort !== undefined)
  );
}

function isRestricted({ securityContext }: Container, pod: PodSpec): boolean {
  const effective = { ...pod.securityContext, ...securityContext };
  return (
    effective.runAsNonRoot === true &&
    effective.runAsUser !== 0 &&
    effective.allowPrivilegeEscalation === false &&
    effective.capabilities?.drop?.includes('ALL') === true &&
    effective.seccompProfile !== undefined &&
    effective.seccompProfile.type !== 'Unconfined'
  );
}
