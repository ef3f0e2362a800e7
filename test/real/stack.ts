import type { Manifest } from '../support/render';
import { KubernetesApi } from './kubernetes-api';
import { LocalPods, type Site } from './local-pods';
import type { Pod } from './pod';
import { findProgram, PROGRAMS } from './programs';

/** Starts an API server with the namespaces that objects live in, and those of the applications. */
export async function startApi(
  folder: string,
  objects: readonly Manifest[],
  applications: readonly string[] = ['apps'],
): Promise<KubernetesApi> {
  const [etcd, apiServer] = [findProgram(PROGRAMS.etcd), findProgram(PROGRAMS.apiServer)];
  if (!etcd || !apiServer) throw new Error('etcd and kube-apiserver are needed');
  const api = new KubernetesApi(folder, { etcd, apiServer });
  await api.start();
  const namespaces = new Set([
    ...applications,
    ...objects.flatMap(({ metadata }) => metadata.namespace ?? []),
  ]);
  for (const name of namespaces) {
    await api.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  return api;
}

/** The rendered stack, or some workloads of it, as processes. */
export class Stack {
  private constructor(
    private readonly cluster: LocalPods,
    private readonly server: KubernetesApi | undefined,
    private readonly endsServer = true,
  ) {}

  /** Makes the stack; an API server is started where one is asked for. Starts no pod. */
  public static async create(props: {
    folder: string;
    objects: readonly Manifest[];
    withApi: boolean;
    /** Namespaces of applications. @default apps */
    namespaces?: readonly string[];
    /** Further lines of `/etc/hosts`: hosts outside the cluster. @default none */
    hosts?: readonly string[];
    /** An authority that every image trusts, as it does public ones, in PEM. @default none */
    trusted?: string;
    /** Where its pods are, next to those of another cluster, whose API server it shares. */
    site?: Site & { readonly api: KubernetesApi };
  }): Promise<Stack> {
    const { folder, objects, withApi, namespaces, hosts, trusted, site } = props;
    if (site !== undefined) {
      const { api } = site;
      for (const object of objects) await api.apply(object);
      return new Stack(await LocalPods.create({ objects, folder, api, hosts, trusted, site }), api, false);
    }
    const api = withApi ? await startApi(`${folder}/api`, objects, namespaces) : undefined;
    try {
      for (const object of api ? objects : []) await api?.apply(object);
      return new Stack(await LocalPods.create({ objects, folder, api, hosts, trusted }), api);
    } catch (error) {
      // Its ports are those of the next scenario's.
      api?.stop();
      throw error;
    }
  }

  public pod(name: string): Pod {
    const pod = this.cluster.pods.get(name);
    if (!pod) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  public get api(): KubernetesApi {
    if (!this.server) throw new Error('this scenario was started without an API server');
    return this.server;
  }

  /** Makes a headless Service lead to these pods only, as if the others were not ready. */
  public leadTo(service: string, pods: readonly string[]): void {
    this.cluster.leadTo(service, pods);
  }

  /** The pods, as the network sees them. */
  public get networkedPods() {
    return this.cluster.networkedPods;
  }

  /** `/var/log/pods` of the node. */
  public get podLogs(): string {
    return this.cluster.podLogs;
  }

  /** Starts pods, and waits until each is ready. The agent is, once it has found a file to read. */
  public async start(...names: string[]): Promise<void> {
    for (const name of names) this.pod(name).start();
    // At the same time: a daemon may count from the first time that it is asked.
    await Promise.all(names.map((name) => this.pod(name).ready()));
  }

  public async stop(): Promise<void> {
    for (const pod of this.cluster.pods.values()) await pod.remove();
    if (this.endsServer) this.server?.stop();
  }
}
