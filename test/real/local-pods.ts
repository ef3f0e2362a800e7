import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workloadsOf } from '../../scripts/objects';
import type { Manifest } from '../support/render';
import type { KubernetesApi } from './kubernetes-api';
import { holdToPolicies, type NetworkedPod, networkedPod } from './network';
import { Pod } from './pod';
import { findProgram, PROGRAMS, type ProgramKey } from './programs';

/** A place for the pods of one cluster among several on this machine. */
export interface Site {
  /** End of the names of its pods outside of the cluster. */
  readonly suffix: string;
  /** The last part of the address of its first pod. */
  readonly firstAddress: number;
}

const ONLY: Site = { suffix: '', firstAddress: 10 };

/** The rendered stack as processes on this machine. */
export class LocalPods {
  public readonly pods = new Map<string, Pod>();
  /** The same pods, as the network sees them. */
  public readonly networkedPods: NetworkedPod[] = [];
  /** `/var/log/pods` of the node. */
  public readonly podLogs: string;

  private readonly addresses: ReadonlyMap<string, string>;

  private constructor(
    public readonly objects: readonly Manifest[],
    folder: string,
    private readonly furtherHosts: readonly string[],
    firstAddress: number,
  ) {
    const names = workloadsOf(objects).flatMap(replicas);
    this.addresses = new Map(
      names.map(({ metadata }, index) => [metadata.name as string, `10.42.0.${firstAddress + index}`]),
    );
    this.podLogs = join(folder, 'node', 'var', 'log', 'pods');
    mkdirSync(this.podLogs, { recursive: true });
  }

  /** Makes the pods of every workload whose program is there; starts none. A Service leads to the first. */
  public static async create(props: {
    objects: readonly Manifest[];
    folder: string;
    api: KubernetesApi | undefined;
    /** Further lines of `/etc/hosts`. @default none */
    hosts?: readonly string[] | undefined;
    /** An authority that every image trusts, in PEM. @default none */
    trusted?: string | undefined;
    /** @default that of the only cluster */
    site?: Site | undefined;
  }): Promise<LocalPods> {
    const { objects, folder, api, trusted } = props;
    const { suffix, firstAddress } = props.site ?? ONLY;
    const cluster = new LocalPods(objects, folder, props.hosts ?? [], firstAddress);
    const hosts = cluster.hostsFile();
    for (const own of workloadsOf(objects).flatMap(replicas)) {
      const { name, namespace } = own.metadata;
      const workload = { ...own, metadata: { ...own.metadata, name: `${name}${suffix}` } };
      const program = findProgram(PROGRAMS[workload.spec.selector.matchLabels.app as ProgramKey]);
      const token = await cluster.tokenOf(workload, namespace, api);
      if (program === undefined || token === 'missing') continue;
      const address = cluster.addresses.get(name) as string;
      cluster.pods.set(
        name,
        new Pod({
          ...{ workload, objects, address, hosts, trusted, program, folder, token },
          env: token && api?.env,
        }),
      );
      cluster.networkedPods.push(networkedPod(workload, address));
    }
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    holdToPolicies(policies, cluster.networkedPods);
    return cluster;
  }

  /** Makes a headless Service lead to these pods only, as if the others were not ready. */
  public leadTo(service: string, pods: readonly string[]): void {
    const lines = this.hostsFile({ [service]: pods });
    for (const pod of this.pods.values()) pod.setHosts(lines);
  }

  /**
   * Lines of `/etc/hosts`: each Service by every name that the cluster's DNS would give it.
   *
   * @param ready Ready pods of headless Services. @default all of their pods
   */
  private hostsFile(ready: Readonly<Record<string, readonly string[]>> = {}): string[] {
    const names = this.objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ metadata, spec }) => {
        const { app } = spec.selector;
        const { name, namespace } = metadata;
        // A headless Service leads to every pod.
        const pods = [...this.addresses].filter(
          ([pod]) => pod === app || new RegExp(`^${app}-\\d+$`).test(pod),
        );
        const reached =
          spec.clusterIP === 'None'
            ? pods.filter(([pod]) => ready[name]?.includes(pod) ?? true)
            : pods.slice(0, 1);
        return reached.map(
          ([, address]) =>
            `${address} ${name} ${name}.${namespace} ${name}.${namespace}.svc ${name}.${namespace}.svc.cluster.local`,
        );
      });
    return ['127.0.0.1 localhost', ...this.furtherHosts, ...names];
  }

  /** The token that the kubelet would mount, where the pod is to have one. */
  private async tokenOf({ spec }: Manifest, namespace: string, api: KubernetesApi | undefined) {
    const { serviceAccountName, automountServiceAccountToken } = spec.template.spec;
    const account = this.objects.find(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === serviceAccountName,
    );
    if ((automountServiceAccountToken ?? account.automountServiceAccountToken) === false) return undefined;
    return api === undefined ? 'missing' : api.tokenFiles(namespace, serviceAccountName);
  }
}

/** A workload for each of its pods: the first has its name, the others `-2`, `-3`. */
function replicas(workload: Manifest): Manifest[] {
  const { metadata, spec } = workload;
  return Array.from({ length: spec.replicas ?? 1 }, (_, index) =>
    index === 0
      ? workload
      : { ...workload, metadata: { ...metadata, name: `${metadata.name}-${index + 1}` } },
  );
}
