import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../support/render';
import { canSwitchUsers } from './sandbox';

/** The volumes of a pod, as folders of this machine. */
export class Volumes {
  constructor(
    private readonly pod: string,
    /** Folder of the run: claims, host paths, files. */
    private readonly folder: string,
    /** Every object of the cluster. */
    private readonly objects: readonly Manifest[],
    /** Group that owns claims and empty folders; undefined leaves them to root. */
    private readonly fsGroup: number | undefined,
  ) {}

  /** The folder of a volume; what was left in a claim is still there. */
  public folderOf(volume: Manifest): string {
    const { folder } = this;
    if (volume.configMap?.items) return this.files(volume.name, this.projected([volume]));
    if (volume.configMap)
      return this.files(volume.configMap.name, this.find('ConfigMap', volume.configMap.name).data);
    if (volume.secret)
      return this.files(volume.secret.secretName, this.find('Secret', volume.secret.secretName).stringData);
    if (volume.projected) return this.files(volume.name, this.projected(volume.projected.sources));
    if (volume.persistentVolumeClaim) {
      this.find('PersistentVolumeClaim', volume.persistentVolumeClaim.claimName);
      return this.claim(volume.persistentVolumeClaim.claimName);
    }
    if (volume.emptyDir) return this.owned(join(folder, 'empty', this.pod, volume.name));
    if (volume.hostPath) return this.hostFolder(volume.hostPath);
    throw new Error(`${this.pod}: a volume of a kind that this cannot make: ${JSON.stringify(volume)}`);
  }

  /** The files of a volume with several sources, each of which names its keys. */
  private projected(sources: readonly Manifest[]): Record<string, string> {
    return Object.fromEntries(
      sources.flatMap(({ secret, configMap }) => {
        const content = secret
          ? this.find('Secret', secret.name).stringData
          : this.find('ConfigMap', configMap.name).data;
        return (secret ?? configMap).items.map(({ key, path }: Manifest) => [path, content[key]]);
      }),
    );
  }

  /** The folder of a claim. */
  public claim(name: string): string {
    return this.owned(join(this.folder, 'claims', name));
  }

  private hostFolder({ path, type }: { path: string; type: string }): string {
    const source = join(this.folder, 'node', path);
    if (type === 'Directory' && !existsSync(source)) throw new Error(`${path} does not exist on the node`);
    mkdirSync(source, { recursive: true });
    return source;
  }

  /** A folder of the group that `fsGroup` names, as the kubelet makes it. */
  private owned(path: string): string {
    if (existsSync(path)) return path;
    mkdirSync(path, { recursive: true });
    if (canSwitchUsers() && this.fsGroup !== undefined) {
      chownSync(path, 0, this.fsGroup);
      chmodSync(path, 0o2775);
    }
    return path;
  }

  /** A folder of files, as of a ConfigMap: the kubelet makes links to files in a hidden folder, which it replaces. */
  public files(name: string, content: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, 'files', name);
    mkdirSync(join(folder, '..written'), { recursive: true });
    link(folder, '..data', '..written');
    for (const [file, text] of Object.entries(content)) {
      writeFileSync(join(folder, '..data', file), text);
      link(folder, file, join('..data', file));
    }
    return folder;
  }

  private find(kind: string, name: string): Manifest {
    const found = this.objects.find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`${this.pod} refers to ${kind}/${name}, which is not there`);
    return found;
  }
}

function link(folder: string, name: string, target: string): void {
  if (!existsSync(join(folder, name))) symlinkSync(target, join(folder, name));
}
