import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, manifests, settings } from '../support/render';
import type { Certificate } from './entrance';
import type { KubernetesApi } from './kubernetes-api';
import { Stack } from './stack';

/** What a cluster sends as its password at first. */
export const PASSWORD = 'first';

/** A destination with a login and a certificate authority of its own. */
export const destination = (url: string) => ({
  url,
  authentication: { type: 'basic', secretName: 'central-login' },
  caConfigMapName: 'central-ca',
});

/** What a values file contains. */
type Values = Readonly<Record<string, object>>;

/** A cluster with an agent and a collector, and no store. */
export class RemoteCluster {
  private constructor(
    public readonly name: string,
    public readonly agent: string,
    public readonly stack: Stack,
    public readonly objects: readonly Manifest[],
    private readonly folder: string,
    private readonly valuesWith: (logs: object) => Values,
  ) {}

  public static async create(props: {
    name: string;
    kind: 'otel' | 'promtail';
    api: KubernetesApi;
    folder: string;
    firstAddress: number;
    destinations: object;
    certificate: Certificate;
    url: string;
  }): Promise<RemoteCluster> {
    const { name, kind, api, folder, firstAddress, destinations, certificate, url } = props;
    const metadata = { namespace: name };
    const foreign: Manifest[] = [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...metadata, name: 'central-login' },
        // As kubectl reads it from a file: with a newline at its end.
        stringData: { username: 'agent', password: `${PASSWORD}\n` },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, name: 'central-ca' },
        data: { 'ca.crt': certificate.cert },
      },
    ];
    const valuesWith = (logs: object) => ({
      cluster: { name, namespace: name },
      loki: { enabled: false },
      tempo: { enabled: false },
      grafana: { enabled: false },
      logs: { agent: kind, destinations, ...logs },
      tracing: {
        destinations: { central: destination(url) },
        sampling: { type: 'tail', percentage: 100, decisionWait: '2s', keepSlowerThan: '1s' },
      },
    });
    const objects = [...render(name, valuesWith({})), ...foreign];
    const site = { suffix: `-${name}`, firstAddress, api };
    const stack = await Stack.create({ folder, objects, withApi: false, site });
    const agent = kind === 'otel' ? 'otel-agent' : 'promtail';
    return new RemoteCluster(name, agent, stack, objects, folder, valuesWith);
  }

  /** What its values file contains. */
  public get values(): Values {
    return this.valuesWith({});
  }

  /** What the kubelet does when a Secret or ConfigMap changes: all files of the volume change at once. */
  public replaceFile(file: string, text: string): void {
    for (const volume of readdirSync(join(this.folder, 'files')).filter((one) =>
      one.startsWith('destination-'),
    )) {
      const folder = join(this.folder, 'files', volume);
      const next = `..written-${Date.now()}`;
      mkdirSync(join(folder, next));
      for (const name of readdirSync(join(folder, '..data')))
        writeFileSync(join(folder, next, name), readFileSync(join(folder, '..data', name)));
      writeFileSync(join(folder, next, file), text);
      symlinkSync(next, join(folder, '..next'));
      renameSync(join(folder, '..next'), join(folder, '..data'));
    }
  }

  /** Changes what a Secret or ConfigMap contains, for pods that start later. */
  public change(name: string, key: string, text: string): void {
    const found = this.objects.find(({ metadata }) => metadata.name === name);
    (found.stringData ?? found.data)[key] = text;
  }

  /** Rolls out another configuration of the agent. */
  public async rollOut(logs: object): Promise<void> {
    const is = ({ kind, metadata }: Manifest) => kind === 'ConfigMap' && metadata.name === this.agent;
    this.objects.find(is).data = render(this.name, this.valuesWith(logs)).find(is).data;
    await this.restart();
  }

  public async restart(): Promise<void> {
    await this.stack.pod(this.agent).stop();
    await this.stack.start(this.agent);
  }
}

const render = (name: string, values: Values) =>
  manifests(settings(values)).map((object) => own(object, name));

/** Two clusters on one API server: what belongs to no namespace has a name of its own. */
function own(object: Manifest, name: string): Manifest {
  if (!object.kind.startsWith('ClusterRole')) return object;
  const metadata = { ...object.metadata, name: `${object.metadata.name}-${name}` };
  const { roleRef } = object;
  return {
    ...object,
    metadata,
    ...(roleRef && { roleRef: { ...roleRef, name: `${roleRef.name}-${name}` } }),
  };
}
