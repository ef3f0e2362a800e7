import { at, isMap, type Json, type JsonMap, listAt, mapAt, textAt } from '../manifests/json';
import { containersOf } from './pods';

/** Something that a level of Pod Security does not admit. */
export interface Violation {
  /** The strictest level that still admits it. */
  readonly level: 'baseline' | 'privileged';
  readonly what: string;
}

/** Capabilities that the level baseline lets a container add. */
const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Volumes that the level restricted admits. */
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'name',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/**
 * Everything about a pod that the level `restricted` does not admit.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function violationsOf(pod: JsonMap): Violation[] {
  return [
    ...podViolations(mapAt(pod, 'spec')),
    ...containersOf(pod).flatMap((container) => containerViolations(pod, container)),
  ];
}

function podViolations(spec: JsonMap): Violation[] {
  const volumes = listAt(spec, 'volumes').flatMap((volume): Violation[] => {
    const path = textAt(volume, 'hostPath', 'path');
    if (path !== undefined) return [{ level: 'privileged', what: `mounts ${path} of its node` }];
    const others = (isMap(volume) ? Object.keys(volume) : []).filter(
      (key) => !RESTRICTED_VOLUMES.includes(key),
    );
    return others.map((key) => ({ level: 'baseline', what: `has a volume of type ${key}` }));
  });
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).flatMap((field): Violation[] =>
      spec[field] === true
        ? [{ level: 'privileged', what: `shares its node's ${field.slice('host'.length)}` }]
        : [],
    ),
    ...volumes,
    ...listAt(spec, 'securityContext', 'sysctls').map(
      (one): Violation => ({ level: 'privileged', what: `sets ${textAt(one, 'name')}` }),
    ),
  ];
}

function containerViolations(pod: JsonMap, container: Json): Violation[] {
  const name = textAt(container, 'name');
  const own = (key: string) => at(container, 'securityContext', key);
  const either = (key: string) => own(key) ?? at(pod, 'spec', 'securityContext', key);
  const added = listAt(container, 'securityContext', 'capabilities', 'add').map(String);
  const dropped = listAt(container, 'securityContext', 'capabilities', 'drop').map(String);
  const seccomp = textAt(either('seccompProfile') ?? null, 'type');
  const hostPorts = listAt(container, 'ports').flatMap((port) => textAt(port, 'hostPort') ?? []);
  const found: (readonly [Violation['level'], boolean, string])[] = [
    ['privileged', own('privileged') === true, 'is privileged'],
    ['privileged', seccomp === 'Unconfined', 'may use every system call'],
    ['privileged', (own('procMount') ?? 'Default') !== 'Default', 'sees all of /proc'],
    ['privileged', hostPorts.some((port) => port !== '0'), `takes port ${hostPorts.join(', ')} of its node`],
    ...added
      .filter((capability) => !BASELINE_CAPABILITIES.includes(capability))
      .map((capability) => ['privileged', true, `has the capability ${capability}`] as const),
    ...added
      .filter((capability) => BASELINE_CAPABILITIES.includes(capability) && capability !== 'NET_BIND_SERVICE')
      .map((capability) => ['baseline', true, `has the capability ${capability}`] as const),
    ['baseline', own('allowPrivilegeEscalation') !== false, 'may gain privileges'],
    ['baseline', either('runAsNonRoot') !== true, 'may run as root'],
    ['baseline', either('runAsUser') === 0, 'runs as root'],
    ['baseline', !dropped.includes('ALL'), 'keeps capabilities'],
    ['baseline', seccomp === undefined, 'has no seccomp profile'],
  ];
  return found.flatMap(([level, is, what]) => (is ? [{ level, what: `${name} ${what}` }] : []));
}

/** The strictest level that admits a pod. */
export function levelOf(violations: readonly Violation[]): 'restricted' | 'baseline' | 'privileged' {
  if (violations.some(({ level }) => level === 'privileged')) return 'privileged';
  return violations.length > 0 ? 'baseline' : 'restricted';
}
