import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A real program that the rendered manifests are run with. */
export interface Program {
  readonly name: string;
  /** Version that the manifests pin, or the oldest that will do. */
  readonly version: string;
  /** Where a person gets it. */
  readonly get: string;
}

const fromImage = (image: string, path: string) =>
  `release archive of the project, or out of the pinned image: docker create --name x ${image} && docker cp x:${path} . && docker rm x`;

const COLLECTOR = {
  name: 'otelcol-contrib',
  version: '0.158.0',
  get: fromImage('otel/opentelemetry-collector-contrib:0.158.0', '/otelcol-contrib'),
};

export const PROGRAMS = {
  loki: { name: 'loki', version: '3.7.6', get: fromImage('grafana/loki:3.7.6', '/usr/bin/loki') },
  promtail: {
    name: 'promtail',
    version: '3.6.11',
    get: fromImage('grafana/promtail:3.6.11', '/usr/bin/promtail'),
  },
  tempo: { name: 'tempo', version: '3.0.3', get: fromImage('grafana/tempo:3.0.3', '/tempo') },
  'otel-collector': COLLECTOR,
  'otel-sampler': COLLECTOR,
  'otel-agent': COLLECTOR,
  'event-collector': COLLECTOR,
  journalRemote: {
    name: 'systemd-journal-remote',
    version: 'any',
    get: 'Debian package systemd-journal-remote; add /lib/systemd to PATH',
  },
  apiServer: {
    name: 'kube-apiserver',
    version: '1.27 or newer',
    get: '`setup-envtest use` (its folder is KUBEBUILDER_ASSETS), or out of registry.k8s.io/kube-apiserver',
  },
  kubectl: {
    name: 'kubectl',
    version: '1.27 or newer',
    get: 'https://kubernetes.io/docs/tasks/tools/, or beside kube-apiserver in KUBEBUILDER_ASSETS',
  },
  etcd: {
    name: 'etcd',
    version: '3.4 or newer',
    get: 'Debian package etcd-server, or beside kube-apiserver in KUBEBUILDER_ASSETS',
  },
  prometheus: {
    name: 'prometheus',
    version: '2.42 or newer',
    get: 'Debian package prometheus, or the release archive of the project',
  },
  prometheusOtlp: {
    name: 'prometheus-3',
    version: '3.0 or newer',
    get: 'the release archive of the project under this name, for its OTLP receiver',
  },
  promtool: {
    name: 'promtool',
    version: '2.42 or newer',
    get: 'beside prometheus',
  },
  alertmanager: {
    name: 'prometheus-alertmanager',
    version: '0.25 or newer',
    get: 'Debian package prometheus-alertmanager, or the release archive of the project under this name',
  },
  grafana: {
    name: 'grafana',
    version: '12.2 or newer',
    get: 'release archive of the project; GRAFANA_HOME is its folder',
  },
  gofakes3: {
    name: 'gofakes3',
    version: '1.2.0',
    get: 'go install github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0',
  },
  'fake-gcs-server': {
    name: 'fake-gcs-server',
    version: 'any',
    get: 'go install github.com/fsouza/fake-gcs-server@latest',
  },
  azurite: {
    name: 'azurite-blob',
    version: 'any',
    get: 'npm install azurite',
  },
  moto: {
    name: 'moto_server',
    version: '5.2.5',
    get: "pip install 'moto[server]==5.2.5'",
  },
  traefik: {
    name: 'traefik',
    version: '3.7 or newer',
    get: fromImage('traefik:3.7.9', '/usr/local/bin/traefik'),
  },
  chromium: {
    name: 'chromium',
    version: 'any',
    get: 'Debian package chromium',
  },
} as const satisfies Record<string, Program>;

/** A collector of any version that has the one extension, where the pinned one was built without it. */
export const REMOTE_SAMPLING_ONLY: Program = {
  name: 'otelcol-remote-sampling',
  version: 'any',
  get: 'build a collector with jaegerremotesampling and the receiver and exporter `nop`',
};

export type ProgramKey = keyof typeof PROGRAMS;

/** Path of a program in `$STACK_BIN`, `$KUBEBUILDER_ASSETS` or on PATH. */
export function findProgram({ name }: Program): string | undefined {
  const { STACK_BIN = '', KUBEBUILDER_ASSETS = '', PATH = '' } = process.env;
  const folders = [STACK_BIN, KUBEBUILDER_ASSETS, ...PATH.split(delimiter)].filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program says of its version; builds from source often do not know. */
export function reportedVersion(path: string): string {
  for (const flag of ['--version', '-version']) {
    const { status, stdout, stderr } = spawnSync(path, [flag], { encoding: 'utf8', timeout: 20_000 });
    const found = /\bv?(\d+\.\d+\.\d+\S*)/.exec(
      `${stdout}${stderr}`.split('\n').find((line) => /version/i.test(line)) ?? '',
    );
    if (status === 0 && found?.[1] && !found[1].startsWith('0.0.0')) return found[1].replace(/,$/, '');
  }
  return 'does not say (built from source)';
}

/** Whether a collector was built with a component: the released one has all, one that was built here may not. */
export function hasComponent(collector: string, component: string): boolean {
  const { stdout } = spawnSync(collector, ['components'], { encoding: 'utf8', timeout: 20_000 });
  return stdout.split('\n').some((line) => line.trim() === `- name: ${component}`);
}
