import { at, isMap, type Json, type JsonMap, listAt, mapAt, textAt } from './json';
import { containersOf } from './pods';

/** Levels of the Pod Security Standards, the most permissive first. */
export const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/** One of {@link POD_SECURITY_LEVELS}. */
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

/** Prefix of the labels on a namespace; `enforce`, `warn` or `audit` follows. */
export const POD_SECURITY_LABEL = 'pod-security.kubernetes.io/';

/** A property of a pod that violates a level. */
export interface PodSecurityViolation {
  /** The strictest level that still allows it. */
  readonly level: 'baseline' | 'privileged';
  /** The predicate of a sentence about the pod, such as `mounts /var/log of its node`. */
  readonly what: string;
}

/** Capabilities that level `baseline` lets a container add. */
const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

/** Volume types that level `restricted` allows. `name` is a key of every volume. */
const RESTRICTED_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'name', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
];

/** Sysctls that every level allows. */
const SAFE_SYSCTLS = [
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'],
  ...['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range', 'net.ipv4.tcp_fin_timeout'],
  ...['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_time'],
  ...['net.ipv4.tcp_rmem', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_wmem'],
];

/** SELinux types that level `baseline` allows. */
const BASELINE_SELINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/**
 * Every property of a pod that level `restricted` forbids.
 *
 * @param pod A pod or pod template, with its `spec`.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function violationsOf(pod: unknown): PodSecurityViolation[] {
  return [
    ...podViolations(mapAt(pod, 'spec')),
    ...containersOf(pod).flatMap((container) => containerViolations(pod, container)),
  ];
}

function podViolations(spec: JsonMap): PodSecurityViolation[] {
  const volumes = listAt(spec, 'volumes').flatMap((volume): PodSecurityViolation[] => {
    const path = textAt(volume, 'hostPath', 'path');
    if (path !== undefined) return [{ level: 'privileged', what: `mounts ${path} of its node` }];
    const others = (isMap(volume) ? Object.keys(volume) : []).filter(
      (key) => !RESTRICTED_VOLUMES.includes(key),
    );
    return others.map((key) => ({ level: 'baseline', what: `has a volume of type ${key}` }));
  });
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).flatMap((field): PodSecurityViolation[] =>
      spec[field] === true
        ? [{ level: 'privileged', what: `shares its node's ${field.slice('host'.length)}` }]
        : [],
    ),
    ...volumes,
    ...listAt(spec, 'securityContext', 'sysctls')
      .map((one) => textAt(one, 'name') ?? '')
      .filter((name) => !SAFE_SYSCTLS.includes(name))
      .map((name): PodSecurityViolation => ({ level: 'privileged', what: `sets the sysctl ${name}` })),
  ];
}

function containerViolations(pod: unknown, container: Json): PodSecurityViolation[] {
  const name = textAt(container, 'name');
  const own = (key: string) => at(container, 'securityContext', key);
  const either = (key: string) => own(key) ?? at(pod, 'spec', 'securityContext', key);
  const added = listAt(container, 'securityContext', 'capabilities', 'add').map(String);
  const dropped = listAt(container, 'securityContext', 'capabilities', 'drop').map(String);
  const seccomp = textAt(either('seccompProfile'), 'type');
  const seLinux = either('seLinuxOptions');
  const seLinuxType = textAt(seLinux, 'type') ?? '';
  const hostPorts = listAt(container, 'ports').flatMap((port) => textAt(port, 'hostPort') ?? []);
  const found: (readonly [PodSecurityViolation['level'], boolean, string])[] = [
    ['privileged', own('privileged') === true, 'is privileged'],
    ['privileged', seccomp === 'Unconfined', 'may make every system call'],
    [
      'privileged',
      (seLinuxType !== '' && !BASELINE_SELINUX_TYPES.includes(seLinuxType)) ||
        (textAt(seLinux, 'user') ?? textAt(seLinux, 'role') ?? '') !== '',
      'sets custom SELinux options',
    ],
    ['privileged', (own('procMount') ?? 'Default') !== 'Default', 'sees all of /proc'],
    ['privileged', hostPorts.some((port) => port !== '0'), `binds port ${hostPorts.join(', ')} of its node`],
    ...added
      .filter((capability) => !BASELINE_CAPABILITIES.includes(capability))
      .map((capability) => ['privileged', true, `has the capability ${capability}`] as const),
    ...added
      .filter((capability) => BASELINE_CAPABILITIES.includes(capability) && capability !== 'NET_BIND_SERVICE')
      .map((capability) => ['baseline', true, `has the capability ${capability}`] as const),
    ['baseline', own('allowPrivilegeEscalation') !== false, 'may gain privileges'],
    ['baseline', either('runAsNonRoot') !== true && either('runAsUser') !== 0, 'may run as root'],
    ['baseline', either('runAsUser') === 0, 'runs as root'],
    ['baseline', !dropped.includes('ALL'), 'keeps capabilities'],
    ['baseline', seccomp === undefined, 'has no seccomp profile'],
  ];
  return found.flatMap(([level, is, what]) => (is ? [{ level, what: `${name} ${what}` }] : []));
}

/** The strictest level that allows a pod with these violations. */
export function strictestLevel(violations: readonly PodSecurityViolation[]): PodSecurityLevel {
  if (violations.some(({ level }) => level === 'privileged')) return 'privileged';
  return violations.length > 0 ? 'baseline' : 'restricted';
}

/**
 * Whether a namespace with a level accepts pods of a level.
 *
 * @param level Value of the namespace's label. Without a label, the API server's default applies: `privileged`.
 */
export function admitsLevel(level: string | undefined, pod: PodSecurityLevel): boolean {
  return levelIndex(pod) >= levelIndex(level);
}

/** Strictness of a level. Unknown or missing values count as `privileged`, as in the API server. */
export function levelIndex(level: string | undefined): number {
  return Math.max(0, POD_SECURITY_LEVELS.indexOf(level as PodSecurityLevel));
}
