import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Settings, stackSettings } from '../../lib/settings';
import { ValuesError } from '../../lib/values/problem';
import { readClusters } from '../../lib/values/read-clusters';
import { parseValues } from '../../lib/values/read-values';
import { CASE_NAMES, caseValues } from '../support/render';

const read = (text: string): Settings => parseValues('values/test.yaml', text, stackSettings);

/** The mistakes in a values file, one line each. */
function mistakes(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof ValuesError) return error.message.split('\n');
    throw error;
  }
}

const CLUSTER = 'cluster:\n  domain: example.com\n';

describe('a values file', () => {
  test('requires only a domain', () => {
    expect(read(CLUSTER).loki.retention.toString()).toBe('168h');
  });

  test.each(CASE_NAMES)('of the case %s leads to settings in which nothing is null', (name) => {
    const nulls = (value: unknown, path = ''): string[] =>
      typeof value !== 'object' || value === null
        ? value === null
          ? [path]
          : []
        : Object.entries(value).flatMap(([key, item]) => nulls(item, `${path}.${key}`));

    expect(nulls(read(caseValues(name)))).toEqual([]);
  });

  test('leads to settings with derived values', () => {
    const { grafana, ingress, networkPolicies } = read(
      'cluster: {domain: example.com, namespace: obs}\ningress: {enabled: true, controller: nginx, tlsSecretName: tls, scheme: internal}',
    );

    expect(grafana.namespace).toBe('obs');
    expect(ingress).toMatchObject({ className: 'nginx', hosts: { tempo: 'tempo.example.com' } });
    expect(networkPolicies.ingressController.pods).toEqual([
      { namespace: 'ingress-nginx', labels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
    ]);
  });

  test('reports every mistake on a separate line, in file order', () => {
    expect(
      mistakes(
        'cluster:\n  domain: Example\nloki:\n  retention: 7dd\n  storage:\n    size: 30GB\npromtial: {}\n',
      ),
    ).toEqual([
      'values/test.yaml:2:11: cluster.domain must be a host name in lower case such as "example.com", got "Example"',
      'values/test.yaml:4:14: loki.retention must be a duration of at least 24h in whole steps of 24h such as "168h" or "7d", got "7dd"; did you mean "7d"?',
      'values/test.yaml:6:11: loki.storage.size must be a size of at least 1Gi such as "30Gi", got "30GB"; did you mean "30Gi"?',
      'values/test.yaml:7:1: promtial is not a setting; did you mean "promtail"?',
    ]);
  });

  test.each([
    [
      'loki:\n  retention: 36h',
      '4:14: loki.retention must be a duration of at least 24h in whole steps of 24h such as "168h" or "7d", got "36h"',
    ],
    [
      'loki:\n  retention: 0d',
      '4:14: loki.retention must be a duration of at least 24h in whole steps of 24h such as "168h" or "7d", got "0d"',
    ],
    [
      'loki:\n  retention: 168',
      '4:14: loki.retention must be a duration of at least 24h in whole steps of 24h such as "168h" or "7d", got 168; did you mean "168d"?',
    ],
    ['loki:\n  retension: 7d', '4:3: loki.retension is not a setting; did you mean "retention"?'],
    [
      'loki:\n  colour: red',
      '4:3: loki.colour is not a setting; loki accepts enabled, image, retention, storage, periods, indexPrefix, replicas, resources, scheduling, patterns, limits, tenantLimits, logLevel',
    ],
    ['loki:', '3:6: loki must be a map of settings, got null'],
    ['loki: [7d]', '3:7: loki must be a map of settings, got a list'],
    [
      'loki:\n  resources: {cpu: fast}',
      '4:20: loki.resources.cpu must be an amount of CPU such as "250m" or "1.5", got "fast"',
    ],
    [
      'loki:\n  resources: {memory: 3Gi}',
      '4:23: loki.resources.memory must be at most memoryLimit (2Gi), got "3Gi"',
    ],
    [
      'loki:\n  storage: {size: 3Gi}',
      '4:19: loki.storage.size must be at least twice loki.resources.memoryLimit (2Gi): a checkpoint of the write-ahead log contains all of memory, and Loki deletes the previous checkpoint only afterwards, got "3Gi"',
    ],
    [
      'loki:\n  resources: {memory: 128Mi, memoryLimit: 256Mi}',
      '4:43: loki.resources.memoryLimit must be a size of at least 512Mi such as "2Gi", got "256Mi"',
    ],
    [
      'loki:\n  limits: {ingestionBurst: 4Mi}',
      '4:28: loki.limits.ingestionBurst must be at least loki.limits.ingestionRate (48Mi), got "4Mi"',
    ],
    [
      'loki:\n  limits: {streamBurst: 27Mi}',
      '4:25: loki.limits.streamBurst must be at least 28Mi, the largest of streamRate, maxLineSize and the size of a container\'s log files (5.6 times monitoring.alerts.agentLag); null derives it, got "27Mi"',
    ],
    [
      'loki:\n  limits: {streamRate: 40Mi, streamBurst: 32Mi}',
      '4:43: loki.limits.streamBurst must be at least 40Mi, the largest of streamRate, maxLineSize and the size of a container\'s log files (5.6 times monitoring.alerts.agentLag); null derives it, got "32Mi"',
    ],
    [
      'loki:\n  limits: {maxLineSize: 2Mi, streamBurst: 1Mi}\npromtail:\n  resources: {memoryLimit: 512Mi}\nmonitoring:\n  alerts: {agentLag: 64Ki}',
      '4:43: loki.limits.streamBurst must be at least 3Mi, the largest of streamRate, maxLineSize and the size of a container\'s log files (5.6 times monitoring.alerts.agentLag); null derives it, got "1Mi"',
    ],
    [
      'loki:\n  limits: {ingestionRate: 47Mi}',
      '4:27: loki.limits.ingestionRate must be at least 48Mi, 16Mi per node (cluster.nodes, logs.agent) and 4 times the average of capacity.logsPerDay; null derives it, got "47Mi"',
    ],
    [
      'promtail:\n  rateLimit: {burst: 300000}',
      "4:22: promtail.rateLimit.burst must be at least 349526, the number of short lines in a container's log files (4 times monitoring.alerts.agentLag); null derives it, got 300000",
    ],
    [
      'loki:\n  limits: {maxStreams: 5}',
      '4:24: loki.limits.maxStreams must be a whole number from 100 to 1000000, got 5',
    ],
    [
      'loki:\n  limits: {maxLabelNames: 5}',
      '4:27: logs.labels must not contain more labels than loki.limits.maxLabelNames (5)',
    ],
    [
      'loki:\n  image: {tag: latest}',
      '4:16: loki.image.tag must be a tag other than "latest", such as "3.7.6", got "latest"',
    ],
    [
      'loki:\n  image: {digest: sha256:abc}',
      '4:19: loki.image.digest must be a digest such as "sha256:" and 64 hexadecimal digits, got "sha256:abc"',
    ],
    [
      'tempo:\n  compactedBlockRetention: 10m\n  blocklistPoll: 6m',
      '4:28: tempo.compactedBlockRetention must be at least twice tempo.blocklistPoll (6m); otherwise queries fail on deleted blocks, got "10m"',
    ],
    [
      'tempo:\n  storage: {size: 3Gi}',
      '4:19: tempo.storage.size must be at least four times tempo.maxBlockSize (1Gi): a merge keeps its inputs next to its output for tempo.compactedBlockRetention, got "3Gi"',
    ],
    [
      'monitoring:\n  alerts: {slowQuery: 60s}\nloki: {limits: {queryTimeout: 1m}}',
      '4:23: monitoring.alerts.slowQuery must be less than loki.limits.queryTimeout (1m), because Loki cancels every query after it, got "60s"',
    ],
    [
      'monitoring:\n  alerts: {volumeFreePercent: 10}',
      '4:31: monitoring.alerts.volumeFreePercent must be a whole number from 11 to 50, got 10',
    ],
    [
      'monitoring:\n  scrapeInterval: 5m',
      '4:19: monitoring.scrapeInterval must be a duration of at least 5s and at most 2m such as "15s" or "30s", got "5m"',
    ],
    [
      'tempo:\n  limits: {maxAttributeSize: 1Mi, maxTraceSize: 3Mi}',
      '4:49: tempo.limits.maxTraceSize must be at least 4 times maxAttributeSize (1Mi), so that a failed call with its stack trace fits into a trace, got "3Mi"',
    ],
    [
      'tempo:\n  limits: {ingestionBurst: 16Mi}\ncapacity: {spanSize: 40Ki}\ntracing: {sampling: {type: client}}',
      '4:28: tempo.limits.ingestionBurst must be at least 20Mi, the size of a batch from an SDK: 512 spans of capacity.spanSize (40Ki), got "16Mi"',
    ],
    [
      'tracing:\n  queue: {size: 1Mi}\ncapacity: {spanSize: 2Ki}',
      '4:17: tracing.queue.size must be at least 2Mi, one batch: 1000 spans of capacity.spanSize (2Ki), got "1Mi"',
    ],
    [
      'loki:\n  storage: {size: 100Gi}\n  resources: {memoryLimit: 46Gi}',
      '5:28: loki.resources.memory must be at least a quarter of memoryLimit (46Gi): the scheduler reserves only the request, and the node runs out of memory before the limit',
    ],
    [
      'tempo:\n  limits: {maxTraceSize: 30Mi}',
      '4:26: tempo.limits.ingestionBurst must be at least maxTraceSize (30Mi), so that a trace of that size can be sent at once',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, trace_id]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; each trace_id would be a stream of its own; it is structured metadata: | trace_id="…", got "trace_id"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, pod_uid]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; a pod is told apart by the label pod, which holds its name, got "pod_uid"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, filename]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; each restart of a container has another filename, and would be a stream of its own, got "filename"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, cluster]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; set cluster.name, which every stream then has as its label cluster, got "cluster"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, level]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; it would split each stream by level; it is structured metadata: | detected_level="error", got "level"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, client_ip]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job; each client_ip would be a stream of its own; find it in the line: |= "…", got "client_ip"',
    ],
    [
      'logs:\n  labels: [namespace, pod, container, team]',
      '4:39: logs.labels[3] must be one of namespace, pod, container, app, node, stream, job, got "team"',
    ],
    [
      'logs:\n  labels: [namespace, pod]',
      '4:11: logs.labels must contain container, by which Grafana finds the logs of a span',
    ],
    ['logs:\n  labels: [namespace, pod, container, pod]', '4:11: logs.labels must contain pod only once'],
    [
      'promtail:\n  resources: {memory: 64Mi, memoryLimit: 64Mi}\nloki:\n  limits: {maxLineSize: 2Mi}',
      '4:42: promtail.resources.memoryLimit must be at least 64 times loki.limits.maxLineSize (2Mi), because Promtail buffers a line of each container that it reads, got "64Mi"',
    ],
    [
      'storageClass:\n  create: true',
      '4:11: cluster.storageClassName must name the StorageClass to create (storageClass.create), such as "gp3"',
    ],
    [
      'images:\n  registry: https://x',
      '4:13: images.registry must be a registry with an optional path, such as "registry.example.com/mirror", got "https://x"',
    ],
    [
      'images:\n  pullPolicy: on',
      '4:15: images.pullPolicy must be one of IfNotPresent, Always, Never, got "on"',
    ],
    [
      'networkPolicies:\n  ingressController: {namespace: ingress}\ningress: {enabled: true}',
      '4:34: networkPolicies.ingressController.namespace must be null with ingress.controller alb, whose load balancer is not a pod; use networkPolicies.ingressController.cidrs, got "ingress"',
    ],
    [
      'networkPolicies:\n  ingressController: {podLabels: {app: nginx}}',
      '4:34: networkPolicies.ingressController.namespace is required with podLabels if ingress.enabled is false: no other setting gives the namespace of your own controller',
    ],
    ...['0.0.0.0/0', '"::/0"', '128.0.0.0/1', '"2000::/3"', '8.0.0.0/7'].map((block) => [
      `networkPolicies:\n  ingressController: {cidrs: [10.0.0.0/24, ${block}]}`,
      `4:30: networkPolicies.ingressController.cidrs must not contain ${block.replaceAll('"', '')}, which covers a large part of the internet: clients at these addresses can read, write and flush; list only the addresses of the controller`,
    ]),
    [
      'networkPolicies:\n  ingressController: {cidrs: []}\ningress: {enabled: true}',
      '4:30: networkPolicies.ingressController.cidrs must contain the subnets of the load balancer, which is not a pod; without them it cannot reach Loki and Tempo',
    ],
    [
      'logs: {seLinuxOptions: {type: ""}}',
      '3:31: logs.seLinuxOptions.type must be an SELinux name such as "spc_t", got ""',
    ],
    [
      'logs: {seLinuxOptions: {typ: spc_t}}',
      '3:25: logs.seLinuxOptions.typ is not a setting; did you mean "type"?',
    ],
    [
      'storageClass: {provisioner: pd.csi.storage.gke.io}',
      '3:29: storageClass.provisioner must be one of ebs.csi.aws.com, ebs.csi.eks.amazonaws.com, got "pd.csi.storage.gke.io"',
    ],
    [
      'networkPolicies: {dns: {ports: []}}',
      '3:32: networkPolicies.dns.ports must contain a port; without one, the agent and the collector cannot resolve names',
    ],
    [
      'networkPolicies: {dns: {ports: [dns]}}',
      '3:33: networkPolicies.dns.ports[0] must be a whole number from 1 to 65535, got "dns"',
    ],
    [
      'networkPolicies:\n  ingressController: {podLabels: {app: nginx}}\ningress: {enabled: true}',
      '4:34: networkPolicies.ingressController.podLabels must be null with ingress.controller alb, whose load balancer is not a pod; use networkPolicies.ingressController.cidrs',
    ],
    [
      'networkPolicies:\n  apiServer: {cidrs: []}',
      '4:22: networkPolicies.apiServer.cidrs must contain an address; without one, the agent and the collector cannot look up pods',
    ],
    [
      'networkPolicies:\n  apiServer: {ports: []}',
      '4:22: networkPolicies.apiServer.ports must contain a port; without one, the agent and the collector cannot look up pods',
    ],
    [
      'networkPolicies:\n  grafana: {podLabels: {app: -x}}',
      '4:30: networkPolicies.grafana.podLabels.app must be a label value such as "grafana", got "-x"',
    ],
    [
      'networkPolicies:\n  prometheus: {podLabels: {a/b/c: x}}',
      '4:28: the key of networkPolicies.prometheus.podLabels.a/b/c must be a key such as "app.kubernetes.io/name"',
    ],
    [
      'ingress:\n  enabled: yes',
      '4:12: ingress.enabled must be true or false, got "yes"; did you mean true?',
    ],
    [
      'ingress:\n  annotations: {a: 1}',
      '4:20: ingress.annotations.a must be a string, in quotes, got 1; write it in quotes',
    ],
    [
      'ingress:\n  allowedCidrs: [10.0.0.0/33]',
      '4:18: ingress.allowedCidrs[0] must be a CIDR block that starts with its first address, such as "10.0.0.0/8" or "2001:db8::/32", got "10.0.0.0/33"',
    ],
    [
      'ingress:\n  allowedCidrs: [10.0.0.0/8, "::/0"]',
      '4:17: ingress.allowedCidrs must not contain ::/0, which is a large part of the internet; list smaller blocks',
    ],
    [
      'ingress:\n  authentication: {type: basc}',
      '4:26: ingress.authentication.type must be one of none, oidc, cognito with ingress.controller alb, which supports no other, got "basc"',
    ],
    [
      'ingress:\n  controller: nginx\n  tlsSecretName: tls\n  authentication: {type: basic}',
      '6:19: ingress.authentication.secretName is missing; it must be the name of a Secret (lower case letters, digits, "-" and ".")',
    ],
    [
      'ingress:\n  authentication: {type: basic, secretName: users}',
      '4:26: ingress.authentication.type must be one of none, oidc, cognito with ingress.controller alb, which supports no other, got "basic"',
    ],
    [
      'ingress:\n  authentication: {type: none, secretNam: users}',
      '4:32: ingress.authentication.secretNam is not a setting; ingress.authentication accepts type',
    ],
    [
      'ingress:\n  tlsSecretName: tls',
      '4:3: ingress.tlsSecretName applies only to ingress.controller nginx or traefik, not to alb; remove it, or use groupName, certificateArn',
    ],
    [
      'ingress:\n  enabled: true\n  controller: traefik\n  scheme: internal',
      '5:15: ingress.tlsSecretName must name a Secret with traefik, or ingress.annotations must name an issuer of cert-manager',
    ],
    [
      'ingress:\n  hosts: {loki: grafana.example.com}',
      '4:17: ingress.hosts.loki must not be grafana.example.com, which belongs to kube-prometheus-stack; choose another host name, got "grafana.example.com"',
    ],
    [
      'ingress:\n  hosts: {loki: tempo.example.com}',
      '4:17: ingress.hosts.tempo must not be the host name of Loki (tempo.example.com); choose another',
    ],
    [
      'grafana:\n  namespace: Monitoring',
      '4:14: grafana.namespace must be the name of a namespace (lower case letters, digits and "-"), got "Monitoring"; did you mean "monitoring"?',
    ],
    [
      'loki:\n  retention: 99999d',
      '4:14: loki.retention must be a duration of at least 24h in whole steps of 24h such as "168h" or "7d", got "99999d"',
    ],
    [
      'loki:\n  image: {tag: 3.0}',
      '4:16: loki.image.tag must be a tag other than "latest", such as "3.7.6", got 3.0; write it in quotes',
    ],
    [
      'loki:\n  limits:\n    5,000: 1',
      '5:5: loki.limits.5,000 is not a setting; loki.limits accepts maxStreams, maxLabelNames, ingestionRate, ingestionBurst, streamRate, streamBurst, maxLineSize, queryTimeout, maxQuerySeries, maxQueryLines',
    ],
    [
      'tempo:\n  maxBlockSize: 1.1Gi',
      '4:17: tempo.maxBlockSize must be a size of at least 64Mi such as "1Gi", got "1.1Gi"',
    ],
    [
      'tempo:\n  retention: 1h\n  compactedBlockRetention: 2h',
      '5:28: tempo.compactedBlockRetention must not exceed tempo.retention (1h), which it extends, got "2h"',
    ],
    [
      'storageClass: {iops: 3000, throughputMiB: 1000}',
      '3:43: storageClass.throughputMiB must be at most a quarter of storageClass.iops (3000), or EBS rejects the volume, got 1000',
    ],
    [
      'grafana: {maxLines: 5000}\nloki: {limits: {maxQueryLines: 100}}',
      '3:21: grafana.maxLines must be at most loki.limits.maxQueryLines (100); above it, Loki rejects every query from Explore, got 5000',
    ],
    [
      'grafana: {datasourceLabel: a..b/c}',
      '3:28: grafana.datasourceLabel must be a key such as "grafana_datasource", got "a..b/c"',
    ],
    [
      'images: {registry: mirror}',
      '3:20: images.registry must be a registry with an optional path, such as "registry.example.com/mirror", got "mirror"',
    ],
    [
      'ingress: {hosts: {loki: 1.2.3.4}}',
      '3:25: ingress.hosts.loki must be a host name in lower case such as "loki.example.com", got "1.2.3.4"',
    ],
    [
      'ingress: {allowedCidrs: [10.1.2.3/8]}',
      '3:26: ingress.allowedCidrs[0] must be a CIDR block that starts with its first address, such as "10.0.0.0/8" or "2001:db8::/32", got "10.1.2.3/8"; did you mean "10.0.0.0/8"?',
    ],
    [
      'ingress: {allowedCidrs: ["2001:db8::/32"]}',
      '3:25: ingress.allowedCidrs must contain an IPv4 block with alb: an IPv4 load balancer would reject every client',
    ],
    [
      'ingress: {controller: nginx, groupName: x}',
      '3:30: ingress.groupName applies only to ingress.controller alb, not to nginx; remove it, or use tlsSecretName, push',
    ],
    [
      'ingress: {annotations: {"a b": x}}',
      '3:25: the key of ingress.annotations.a b must be a key such as "example.com/team"',
    ],
    [
      'ingress: {annotations: {nginx.ingress.kubernetes.io/rewrite-target: /flush}}',
      '3:25: the key of ingress.annotations.nginx.ingress.kubernetes.io/rewrite-target must not be an annotation of a controller, which could override access and routing; use the settings of ingress',
    ],
    [
      'tracing: {sampling: {type: tail, percentage: 0}}',
      '3:46: tracing.sampling.percentage must be a percentage above 0 and at most 100, got 0',
    ],
    ...[
      ['keepSlowerThan: 10s', '3:50', '10s'],
      ['keepSlowerThan: 1m', '3:50', '10s'],
      ['decisionWait: 2s', '3:48', '2s'],
      ['decisionWait: 1s', '3:48', '1s'],
    ].map(([values = '', place = '', wait = '']) => [
      `tracing: {sampling: {type: tail, ${values}}}`,
      `${place}: tracing.sampling.keepSlowerThan must be less than tracing.sampling.decisionWait (${wait}), because the decision uses only the spans that have arrived by then; raise decisionWait, or set services with long traces to 100 in tracing.sampling.services${values.startsWith('keep') ? `, got "${values.split(' ')[1]}"` : ''}`,
    ]),
    [
      'tempo: {limits: {maxTraceSize: 300Mi, ingestionBurst: 300Mi}}',
      '3:32: tempo.limits.maxTraceSize must not exceed an eighth of tempo.resources.memoryLimit (2Gi), the maximum for all incomplete traces, got "300Mi"',
    ],
    [
      'tracing: {sampling: {type: probabilistic, keepErrors: true}}',
      '3:43: tracing.sampling.keepErrors applies only to tracing.sampling.type tail, not to probabilistic; remove it, or use percentage, replicas',
    ],
    [
      'tracing: {sampling: {type: tail, decisionWait: 1m, expectedSpansPerSecond: 9000}}',
      '3:21: tracing.resources.memoryLimit must be at least 6937Mi: 96Mi, plus 8Ki and 4 times capacity.spanSize (1Ki) for each undecided span of tracing.sampling (decisionWait × expectedSpansPerSecond), plus 4 times tracing.queue.size in memory',
    ],
    [
      'tracing: {queue: {size: 512Mi}}',
      '3:25: tracing.resources.memoryLimit must be at least 2262Mi: 96Mi, plus 8Ki and 4 times capacity.spanSize (1Ki) for each undecided span of tracing.sampling (decisionWait × expectedSpansPerSecond), plus 4 times tracing.queue.size in memory',
    ],
    [
      'tracing: {queue: {persistent: true}, sampling: {type: client}}',
      '3:31: tracing.queue.persistent must be false with tracing.sampling.type client: a volume serves one pod, got true',
    ],
    [
      'tracing: {remoteSampling: true, sampling: {type: client}}',
      '3:27: tracing.remoteSampling must be false with tracing.sampling.type client, which has no collector to query, got true',
    ],
  ])('with %j says %j', (text, mistake) => {
    expect(mistakes(`${CLUSTER}${text}\n`)).toEqual([`values/test.yaml:${mistake}`]);
  });

  test('must confirm explicitly that it opens the query APIs to the internet', () => {
    const open = `${CLUSTER}ingress:\n  enabled: true\n  scheme: internet-facing\n`;

    expect(mistakes(open)).toEqual([
      'values/test.yaml:4:12: ingress.openToTheInternet must be "anyone may read every log and trace" if that is intended; ' +
        'otherwise set ingress.authentication, public blocks in ingress.allowedCidrs, or ingress.scheme: internal',
    ]);
    expect(mistakes(`${open}  openToTheInternet: anyone may read every log and trace\n`)).toEqual([]);
    expect(mistakes(`${open}  allowedCidrs: [203.0.113.0/24]\n`)).toEqual([]);
    // Behind a load balancer that hides the client's address, everybody comes from a private one.
    expect(mistakes(`${open}  allowedCidrs: [203.0.113.0/24, 10.0.0.0/8]\n`)).toHaveLength(1);
    expect(mistakes(`${open}  openToTheInternet: true\n`)).toEqual([
      'values/test.yaml:6:22: ingress.openToTheInternet must be "anyone may read every log and trace", got true',
    ]);
  });

  test('with nginx or Traefik counts as internet-facing unless it is set to internal', () => {
    const traefik = `${CLUSTER}ingress:\n  enabled: true\n  controller: traefik\n  tlsSecretName: tls\n`;

    expect(mistakes(traefik)).toHaveLength(1);
    expect(mistakes(`${traefik}  scheme: internal\n`)).toEqual([]);
  });

  test('reports contradictions next to unrelated mistakes, but not those that a mistake may cause', () => {
    expect(
      mistakes(
        `${CLUSTER}tempo:\n  blocklistPoll: 1hh\n  compactedBlockRetention: 10m\n  storage: {size: 3Gi}\n`,
      ),
    ).toEqual([
      'values/test.yaml:4:18: tempo.blocklistPoll must be a duration of at least 30s and at most 1h such as "1m" or "5m", got "1hh"; did you mean "1h"?',
      expect.stringContaining('values/test.yaml:6:19: tempo.storage.size must be at least four times'),
    ]);
  });

  test.each([
    ['a list', '- a', ['1:1: the file must be a map of settings, got a list']],
    ['a text', 'hello', ['1:1: the file must be a map of settings, got "hello"']],
    ['a duplicate key', 'cluster: {domain: a.b}\ncluster: {domain: a.b}', ['2:1: duplicate key; remove one']],
    ['a tab', 'cluster:\n\tdomain: a.b', ['2:1: not valid YAML: tabs are not allowed as indentation']],
    [
      'an anchor and an alias',
      'cluster: &a {domain: a.b}\nloki: *a',
      [
        '1:13: the anchor "&a" is not allowed in a values file; write the value out',
        '2:7: the alias "*a" is not allowed in a values file; write the value out, or quote a string that begins with *',
      ],
    ],
    [
      'a merge',
      'cluster:\n  <<: {domain: a.b}',
      ['2:3: the merge key "<<" is not allowed in a values file; write the value out'],
    ],
    [
      'a directive that turns merges on',
      '%YAML 1.1\n---\ncluster: {<<: {domain: a.b}}',
      [
        '1:1: a %YAML directive is not allowed in a values file; remove it',
        '3:11: the merge key "<<" is not allowed in a values file; write the value out',
      ],
    ],
    [
      'a tag',
      'cluster: {domain: !secret a.b}',
      ['1:27: the tag "!secret" is not allowed in a values file; remove it'],
    ],
    [
      'a key that is not a word',
      'cluster: {domain: a.b}\n1: 2',
      ['2:1: a key that is not a string is not allowed in a values file; use the name of a setting'],
    ],
    [
      'a second document',
      'cluster: {domain: a.b}\n---\na: 1',
      [
        '2:1: a second YAML document starts here; a values file contains only one, so move it to a separate file',
      ],
    ],
  ])('that holds %s is refused', (_, text, expected) => {
    expect(mistakes(text)).toEqual(expected.map((line) => `values/test.yaml:${line}`));
  });

  test.each([
    ['budget: {cpu: 64}', 64],
    ['budget: {cpu: 0.5}', 0.5],
    ['budget: {cpu: "64"}', 64],
  ])('accepts a number that Kubernetes accepts: %s', (text, cores) => {
    expect(read(`${CLUSTER}${text}`).budget.cpu.value).toBe(cores);
  });

  test('accepts a number of bytes without quotes', () => {
    const { size } = read(`${CLUSTER}loki: {storage: {size: 64424509440}}`).loki.storage;

    expect(size.value).toBe(60 * 2 ** 30);
  });

  test.each([
    ['loki: {retention: 7}', '7d'],
    ['loki: {retention: "7"}', '7d'],
    ['loki: {retention: 2 weeks}', '2w'],
    ['loki: {retention: 7D}', '7d'],
    ['loki: {limits: {queryTimeout: 30sec}}', '30s'],
    ['loki: {storage: {size: 30GB}}', '30Gi'],
    ['loki: {storage: {size: 30 Gi}}', '30Gi'],
    ['loki: {storage: {size: 30}}', '30Gi'],
    ['loki: {resources: {memory: 1024mb}}', '1024Mi'],
    ['loki: {resources: {cpu: 2 cores}}', '2'],
    ['loki: {resources: {cpu: "1,5"}}', '1.5'],
    ['ingress: {allowedCidrs: [203.0.113.7]}', '203.0.113.7/32'],
  ])('suggests the value that was meant by %s', (text, meant) => {
    expect(mistakes(`${CLUSTER}${text}`)).toEqual([
      expect.stringMatching(new RegExp(`; did you mean "${meant}"\\?$`)),
    ]);
  });

  test.each([
    'loki: {retention: 0}',
    'loki: {retention: soon}',
    'loki: {storage: {size: 1GB2}}',
    'loki: {resources: {cpu: fast}}',
    'loki: {retention: [7]}',
    'ingress: {allowedCidrs: [my-office]}',
  ])('suggests nothing that would be rejected in turn: %s', (text) => {
    expect(mistakes(`${CLUSTER}${text}`)).toEqual([expect.not.stringContaining('did you mean')]);
  });

  test.each(['', '# nothing yet\n', '---\n'])('that is empty shows the smallest file: %j', (text) => {
    const [first, , ...example] = mistakes(text);

    expect(first).toBe('values/test.yaml:1:1: the file is empty; the smallest one is');
    expect(example).toEqual(['cluster:', '  domain: example.com', '']);
    expect(mistakes(example.join('\n'))).toEqual([]);
  });

  test.each([
    ['between key and value', 'cluster:\n  domain:\u00a0example.com\n', '2:10', '00A0'],
    ['in an indentation', 'cluster:\n\u00a0 domain: example.com\n', '2:1', '00A0'],
    ['after a value', 'cluster:\n  domain: example.com\u200b\n', '2:22', '200B'],
  ])(
    'with a character %s that only looks like a space is rejected at its position',
    (_, text, place, code) => {
      expect(mistakes(text)).toEqual([
        `values/test.yaml:${place}: this is not a space, but the character U+${code}, which YAML treats as a letter; type a space`,
      ]);
    },
  );

  test('may contain such a character in a comment or in quotes', () => {
    const text = `${CLUSTER}# 7\u00a0days\ngrafana: {dashboardFolder: "Logs\u00a0and traces"}\n`;

    expect(mistakes(text)).toEqual([]);
  });

  test('reports YAML features, mistakes in settings and contradictions together', () => {
    const text = `${CLUSTER}loki: &shared\n  retention: 7dd\nstorageClass:\n  create: true\n`;

    expect(mistakes(text).map((line) => line.split(':').slice(0, 3).join(':'))).toEqual([
      'values/test.yaml:4:3',
      'values/test.yaml:4:14',
      'values/test.yaml:6:11',
    ]);
  });

  test('from Windows, with carriage returns and a byte order mark, is read', () => {
    expect(read('cluster:\r\n  domain: example.com\r\n').cluster.domain).toBe('example.com');
  });
});

describe('the values folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'values-'));
  const messages = () => {
    try {
      readClusters(folder, stackSettings);
      return [];
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, '').split('\n');
    }
  };

  beforeAll(() => {
    writeFileSync(join(folder, 'default.yaml'), `\uFEFF${CLUSTER}`);
    writeFileSync(join(folder, 'schema.json'), '{}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read file by file, without files that are not YAML', () => {
    expect(readClusters(folder, stackSettings).map(({ name }) => name)).toEqual(['default']);
  });

  test('reports the mistakes of all files at once', () => {
    writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0xff, 0xfe, 0]));
    mkdirSync(join(folder, 'folder.yaml'));
    writeFileSync(join(folder, 'Big.yaml'), CLUSTER);
    writeFileSync(join(folder, 'short.yml'), CLUSTER);

    expect(messages()).toEqual([
      'Big.yaml:1:1: must be renamed: the names of a values file and its folders consist of lower case letters, digits and "-"',
      'binary.yaml:1:1: cannot be read: it is not UTF-8 text; save it as UTF-8',
      'folder.yaml:1:1: cannot be read: it is a folder',
      'short.yml:1:1: must be renamed: the name of a values file ends in .yaml',
    ]);
  });

  test('reads files in subfolders and links to files, and reports dangling links', () => {
    const other = mkdtempSync(join(tmpdir(), 'values-'));
    writeFileSync(join(other, 'real.txt'), CLUSTER);
    symlinkSync('real.txt', join(other, 'linked.yaml'));
    expect(readClusters(other, stackSettings).map(({ name }) => name)).toEqual(['linked']);

    symlinkSync('gone.txt', join(other, 'dangling.yaml'));
    expect(() => readClusters(other, stackSettings)).toThrow(
      'dangling.yaml:1:1: cannot be read: it is a link to a file that does not exist',
    );

    mkdirSync(join(other, 'eu', 'west'), { recursive: true });
    writeFileSync(join(other, 'eu', 'west', 'prod.yaml'), CLUSTER);
    rmSync(join(other, 'dangling.yaml'));
    expect(readClusters(other, stackSettings).map(({ name }) => name)).toEqual(['eu/west/prod', 'linked']);

    mkdirSync(join(other, 'EU'));
    writeFileSync(join(other, 'EU', 'prod.yaml'), CLUSTER);
    expect(() => readClusters(other, stackSettings)).toThrow(
      'EU/prod.yaml:1:1: must be renamed: the names of a values file and its folders consist of lower case letters, digits and "-"',
    );
    rmSync(other, { recursive: true });
  });

  test('that does not exist or is empty is an error', () => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));

    expect(() => readClusters(empty, stackSettings)).toThrow(
      `${empty}:1:1: contains no values file; copy one from docs/examples to default.yaml`,
    );
    rmSync(empty, { recursive: true });
    expect(() => readClusters(empty, stackSettings)).toThrow(
      `${empty}:1:1: cannot be read: it does not exist`,
    );
  });
});

test.each([
  ['s3', 'bucket: logs-1\n    region: eu-central-1', 'irsa, pod-identity or secret'],
  ['gcs', 'bucket: logs-1', 'workload-identity or secret'],
  ['azure', 'account: logs1\n    container: logs-1', 'workload-identity or secret'],
])('a missing map names the alternatives to choose from: %s', (type, keys, choice) => {
  const text = `cluster:\n  domain: example.com\nloki:\n  storage:\n    type: ${type}\n    ${keys}\n`;

  expect(() => parseValues('values/x.yaml', text, stackSettings)).toThrow(
    `loki.storage.identity is missing; it must be a map of settings with type ${choice}`,
  );
});
