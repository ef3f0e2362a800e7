import { describe, expect, test } from '@jest/globals';
import { CONTINUATIONS, INDENTED_ENTRY } from '../../lib/logs/entries';
import { config, type Manifest, manifest } from '../support/render';

const daemonSet = (values: object = {}) => manifest(values, 'DaemonSet', 'promtail').spec;
const container = (values: object = {}) => daemonSet(values).template.spec.containers[0];
const scrape = (logs: object = {}) => config({ logs }, 'promtail').scrape_configs[0];

const labelsOf = (stages: Manifest[]): string[] =>
  stages.find(({ labelallow }) => labelallow)?.['labelallow'];
const jobs = (logs: object = {}): Manifest[] => config({ logs }, 'promtail').scrape_configs;

/** The labels that Promtail's relabelling gives a container in one job: as Prometheus does it, for the steps used here. */
function relabel(
  meta: Record<string, string>,
  logs: object = {},
  job: Manifest = scrape(logs),
): Record<string, string> | 'dropped' {
  const labels: Record<string, string> = { ...meta };
  for (const step of job.relabel_configs as Manifest[]) {
    const source = (step.source_labels ?? [])
      .map((label: string) => labels[label] ?? '')
      .join(step.separator ?? ';');
    const match = new RegExp(`^(?:${step.regex ?? '(.*)'})$`).exec(source);
    if (step.action === 'drop' || step.action === 'keep') {
      if ((match !== null) === (step.action === 'drop')) return 'dropped';
    } else if (match) {
      const replacement: string = step.replacement ?? '$1';
      labels[step.target_label] = replacement.replace(/\$(\d)/g, (_, index) => match[Number(index)] ?? '');
    }
  }
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !name.startsWith('__meta') && !name.startsWith('__tmp')),
  );
}

const POD = {
  __meta_kubernetes_namespace: 'shop',
  __meta_kubernetes_pod_name: 'cart-6d4cf56db6-x2x9z',
  __meta_kubernetes_pod_uid: '1234-abcd',
  __meta_kubernetes_pod_container_name: 'cart',
  __meta_kubernetes_pod_node_name: 'node-1',
  __meta_kubernetes_pod_controller_name: 'cart-6d4cf56db6',
};

describe('Promtail', () => {
  test('has the SELinux context in the values, or that of the container runtime', () => {
    const context = (seLinuxOptions?: object) =>
      container({ logs: { seLinuxOptions } }).securityContext.seLinuxOptions;

    expect(context()).toBeUndefined();
    expect(context({ type: 'spc_t' })).toEqual({ type: 'spc_t' });
    expect(context({ type: 'container_logreader_t', level: 's0:c123,c456' })).toEqual({
      type: 'container_logreader_t',
      level: 's0:c123,c456',
    });
  });

  test('sends to Loki and retries while Loki is down', () => {
    const [client, ...others] = config({}, 'promtail').clients;

    expect(others).toEqual([]);
    expect(client.url).toBe('http://loki:3100/loki/api/v1/push');
    expect(client.backoff_config.max_retries).toBe(0);
  });

  test('labels each stream with the name of the cluster, if it has one', () => {
    const { pipeline_stages, relabel_configs } = config({ cluster: { name: 'prod-eu' } }, 'promtail')
      .scrape_configs[0];

    expect(relabel_configs).toContainEqual({ target_label: 'cluster', replacement: 'prod-eu' });
    expect(labelsOf(pipeline_stages)).toEqual(['cluster', ...labelsOf(scrape().pipeline_stages)]);
  });

  test('queries only the pods of its own node', () => {
    expect(scrape().kubernetes_sd_configs).toEqual([{ role: 'pod' }]);
    expect(container().env).toContainEqual({
      name: 'HOSTNAME',
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
    });
  });

  test('does not expand variables in its file, because that would remove dollars and backslashes', () => {
    expect(container().args).toEqual(['-config.file=/etc/promtail/promtail.yaml']);
  });

  test('may only read pods', () => {
    expect(manifest({}, 'ClusterRole', 'promtail').rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
  });

  test('does not run on nodes without log files: Fargate and Windows', () => {
    const { nodeSelectorTerms } =
      daemonSet().template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;

    expect(nodeSelectorTerms).toEqual([
      {
        matchExpressions: [
          { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
          { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
        ],
      },
    ]);
  });

  test('runs on every node, including tainted ones', () => {
    expect(daemonSet().template.spec.tolerations).toEqual([{ operator: 'Exists' }]);
  });

  test('stores its positions on the disk of the node', () => {
    const { positions } = config({}, 'promtail');
    const mount = container().volumeMounts.find(({ name }: Manifest) => name === 'positions');

    expect(positions.filename).toBe(`${mount.mountPath}/positions.yaml`);
    expect(daemonSet().template.spec.volumes).toContainEqual({
      name: 'positions',
      hostPath: { path: '/var/lib/promtail', type: 'DirectoryOrCreate' },
    });
  });

  test('listens for gRPC on localhost', () => {
    expect(config({}, 'promtail').server.grpc_listen_address).toBe('127.0.0.1');
  });

  test('cannot write to the logs that it reads', () => {
    expect(container().volumeMounts).toContainEqual({
      name: 'logs',
      mountPath: '/var/log/pods',
      readOnly: true,
    });
  });

  test("sends complete lines up to Loki's maximum size", () => {
    const values = {
      loki: { limits: { maxLineSize: '512Ki' } },
      promtail: { resources: { memoryLimit: '256Mi' } },
    };
    const { limits_config, scrape_configs } = config(values, 'promtail');
    const cri = scrape_configs[0].pipeline_stages.find((stage: Manifest) => stage.cri).cri;

    expect(limits_config).toEqual({ max_line_size: 524_288, max_line_size_truncate: true });
    expect(cri.max_partial_line_size).toBe(524_288);
    expect(cri.max_partial_lines * cri.max_partial_line_size).toBeLessThanOrEqual(128 * 2 ** 20);
  });

  test('restarts if only its configuration changes', () => {
    const checksum = (promtail: object) =>
      daemonSet({ promtail }).template.metadata.annotations['checksum/config'];

    expect(checksum({ logLevel: 'debug' })).not.toBe(checksum({}));
    expect(checksum({ resources: { cpu: '1' } })).toBe(checksum({}));
  });
});

describe('labels', () => {
  test('are those of the closed list, and a stage drops all others', () => {
    const labels = ['namespace', 'pod', 'container', 'app', 'node', 'stream'];

    expect(jobs().map((job) => labelsOf(job['pipeline_stages']))).toEqual(jobs().map(() => labels));
    expect(labelsOf(scrape({ labels: ['pod', 'namespace', 'container'] }).pipeline_stages)).toEqual([
      'pod',
      'namespace',
      'container',
    ]);
  });

  test('identify the source of a line', () => {
    expect(relabel(POD)).toEqual({
      namespace: 'shop',
      pod: 'cart-6d4cf56db6-x2x9z',
      container: 'cart',
      node: 'node-1',
      app: 'cart',
      job: 'shop/cart',
      __path__: '/var/log/pods/*1234-abcd/cart/*.log',
    });
  });

  test.each([
    [
      {
        __meta_kubernetes_pod_label_app_kubernetes_io_name: 'basket',
        __meta_kubernetes_pod_label_app: 'old',
      },
      'basket',
    ],
    [{ __meta_kubernetes_pod_label_app: 'basket' }, 'basket'],
    [{ __meta_kubernetes_pod_controller_name: 'cart-6d4cf56db6' }, 'cart'],
    [{ __meta_kubernetes_pod_controller_name: 'node-exporter' }, 'node-exporter'],
    [{ __meta_kubernetes_pod_controller_name: '' }, 'cart-6d4cf56db6-x2x9z'],
  ])('name the app of a pod with %j as %s', (meta, app) => {
    expect(relabel({ ...POD, ...meta })).toMatchObject({ app });
  });

  test('match the folder of a static pod by its hash', () => {
    const hash = { __meta_kubernetes_pod_annotation_kubernetes_io_config_hash: 'feedbeef' };

    expect(relabel({ ...POD, ...hash })).toMatchObject({ __path__: '/var/log/pods/*feedbeef/cart/*.log' });
  });

  test('are not created for an excluded pod or namespace', () => {
    const annotation = '__meta_kubernetes_pod_annotation_logs_and_traces_exclude';

    expect(relabel({ ...POD, [annotation]: 'true' })).toBe('dropped');
    expect(relabel({ ...POD, [annotation]: 'false' })).not.toBe('dropped');
    expect(relabel(POD, { excludedNamespaces: ['shop'] })).toBe('dropped');
    expect(relabel(POD, { excludedNamespaces: ['sho'] })).not.toBe('dropped');
  });

  test.each([
    ['json', 'kubernetes-pods-json'],
    ['none', 'kubernetes-pods-none'],
    ['text', 'kubernetes-pods-text'],
    ['auto', 'kubernetes-pods'],
    ['xml', 'kubernetes-pods'],
    ['', 'kubernetes-pods'],
    [undefined, 'kubernetes-pods'],
  ])('take a pod with the format %j into the job %s and no other', (named, name) => {
    const pod = {
      ...POD,
      ...(named === undefined ? {} : { __meta_kubernetes_pod_annotation_logs_and_traces_parser: named }),
    };

    expect(jobs().flatMap((job) => (relabel(pod, {}, job) === 'dropped' ? [] : [job['job_name']]))).toEqual([
      name,
    ]);
  });
});

describe('the pipeline', () => {
  test('sends level and ids as structured metadata, never as labels', () => {
    const stages = scrape().pipeline_stages as Manifest[];

    expect(stages).toContainEqual({
      structured_metadata: { level: null, detected_level: null, trace_id: null, span_id: null },
    });
    // What tells the two outputs of a container apart while lines are joined; a later stage keeps it or not.
    expect(stages.flatMap((stage) => Object.keys(stage.labels ?? {}))).toEqual(['stream']);
  });

  test('has no branches, so that lines keep their order', () => {
    const names = jobs().flatMap((job) =>
      job['pipeline_stages'].flatMap((stage: Manifest) => Object.keys(stage)),
    );

    expect(names).toContain('cri');
    expect(names).not.toContain('match');
  });

  test.each([
    ['kubernetes-pods', true, true],
    ['kubernetes-pods-text', true, true],
    ['kubernetes-pods-json', false, true],
    ['kubernetes-pods-logfmt', false, true],
    ['kubernetes-pods-none', false, false],
  ])('of the job %s joins lines: %j, finds fields: %j', (name, joins, finds) => {
    const stages = jobs().find((job) => job['job_name'] === name)?.['pipeline_stages'] as Manifest[];
    const has = (stage: string) => stages.some((one) => one[stage]);

    expect([has('multiline'), has('structured_metadata')]).toEqual([joins, finds]);
  });

  test('separates the files of a container until its lines are joined', () => {
    const stages = scrape().pipeline_stages as Manifest[];

    expect(JSON.stringify(stages)).toContain('"multiline"');
    expect(stages.some((stage) => stage.labeldrop)).toBe(false);
    const names = stages.flatMap((stage) => Object.keys(stage));
    expect(names.indexOf('labelallow')).toBeGreaterThan(names.indexOf('cri'));
    expect(names.indexOf('cri')).toBeGreaterThan(names.indexOf('multiline'));
  });

  test('drops the file name before sending a line', () => {
    expect(labelsOf(scrape().pipeline_stages)).not.toContain('filename');
  });

  // Expressions without Go's flag groups, which JavaScript does not know.
  const matches = (expression: string, line: string) =>
    new RegExp(`^(?:${expression.replaceAll('(?i:', '(?:')})`).test(line);
  const continues = (line: string) =>
    CONTINUATIONS.some((one) => matches(one, line)) || (/^\s/.test(line) && !matches(INDENTED_ENTRY, line));

  test.each([
    '    at com.example.Cart.total(Cart.java:42)',
    '\tat com.example.Cart.total(Cart.java:42)',
    'Caused by: java.io.IOException: disk',
    'Suppressed: java.lang.Error',
    '... 12 more',
    'java.lang.IllegalStateException: oops',
    'Traceback (most recent call last):',
    '  File "cart.py", line 3, in total',
    "KeyError: 'total'",
    'During handling of the above exception, another exception occurred:',
    'requests.exceptions.ConnectionError: refused',
    'goroutine 1 [running]:',
    'main.total(0xc000012345, 0x1)',
    'created by main.main in goroutine 1',
    '[signal SIGSEGV: segmentation violation code=0x1]',
    '   --- End of inner exception stack trace ---',
    '#0 /srv/cart.php(5): total()',
    '}',
    '  "pretty": "json",',
    '\x1b[90m    at f (/a.js:1:1)\x1b[39m',
    'sigs.k8s.io/x/controller.(*Controller).Start.func2.2',
    '[stacktrace]',
    "app/models/cart.rb:12:in `total'",
    "Emitted 'error' event on Server instance at:",
    'ActiveRecord::RecordNotFound (no user):',
  ])('treats %j as a part of the previous entry', (line) => {
    expect(continues(line)).toBe(true);
  });

  test.each([
    '{"level":"info","msg":"started"}',
    'level=info msg=started',
    'I1123 16:00:00.123456       1 main.go:10] started',
    '2026-11-23 16:00:00 INFO started',
    '10.0.0.1 - - [23/Nov/2026:16:00:00 +0000] "GET / HTTP/1.1" 200 5',
    'started',
    'panic: runtime error: index out of range',
    'Error: connect ECONNREFUSED',
    '#1 DONE 0.0s',
    '#2 ERROR: failed',
    '  2026-11-20T10:00:01Z ERROR shop: payment failed',
    '  * started',
    '\x01\x00second',
    '[2026-11-23] started',
    'Übergröße erreicht',
    '[{"a":1}]',
    '---',
  ])('treats %j as a separate entry', (line) => {
    expect(continues(line)).toBe(false);
  });
});
