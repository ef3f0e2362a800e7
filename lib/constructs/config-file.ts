import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Construct } from 'constructs';
import { k8s } from './k8s';
import { yamlWriter } from './yaml-writer';

/** Properties of {@link ConfigFile}. */
export interface ConfigFileProps {
  /** Name and labels of the ConfigMap. */
  readonly metadata: k8s.ObjectMeta;

  /** Where the daemon reads the file, e.g. `/etc/loki/loki.yaml`. */
  readonly path: string;

  /** Content of the file, as data. */
  readonly content: object;

  /** Additional files next to it, by name, which the daemon reads as JSON. @default none */
  readonly beside?: Readonly<Record<string, object>>;
}

/** The configuration file of a daemon, stored in a ConfigMap. */
export class ConfigFile extends Construct {
  /**
   * SHA-256 of the files. As a pod annotation, it makes Kubernetes restart the
   * pods if only the file changes.
   */
  public readonly checksum: string;

  /** Where the daemon reads the file. */
  public readonly path: string;

  constructor(scope: Construct, id: string, props: ConfigFileProps) {
    super(scope, id);

    const beside = Object.entries(props.beside ?? {}).map(([name, content]) => [name, renderJson(content)]);
    this.path = props.path;
    const fileName = posix.basename(props.path);
    const data = Object.fromEntries([[fileName, renderWithAnchors(props.content)], ...beside]);
    this.checksum = createHash('sha256').update(Object.values(data).join('')).digest('hex');
    new k8s.KubeConfigMap(this, 'ConfigMap', { metadata: props.metadata, data });
  }
}

const FORMAT = {
  version: '1.1',
  lineWidth: 0,
  aliasDuplicateObjects: false,
  singleQuote: true,
} as const;

/**
 * Renders a file so that a Go daemon reads back the same data and a small
 * change produces a small diff. Words like `on` are quoted, because YAML 1.1
 * treats them as booleans. Long lines are not wrapped. Shared
 * objects are written out. Single quotes are preferred, so that
 * the backslashes of a regular expression are not escaped.
 */
export const renderYaml = yamlWriter(FORMAT);

/** The same, with long parts that the file repeats written once. */
const renderWithAnchors = yamlWriter(FORMAT, { anchors: true });

function renderJson(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
