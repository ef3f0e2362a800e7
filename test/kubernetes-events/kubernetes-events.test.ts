import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { logHops } from '../../scripts/smoke/logs';
import { pod } from '../network-policies/edges';
import { config, manifest, manifests, mistakes, settings } from '../support/render';

const EVENTS = { kubernetesEvents: { enabled: true } };
const collector = (values: object = {}) => config({ ...EVENTS, ...values }, 'event-collector');

describe('the collector of Kubernetes events', () => {
  test('is not there by default', () => {
    expect(manifests(settings()).filter(({ metadata }) => metadata.name === 'event-collector')).toEqual([]);
  });

  test('may only list and watch events', () => {
    expect(manifest(EVENTS, 'ClusterRole', 'event-collector').rules).toEqual([
      { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] },
    ]);
  });

  test('has one replica and never a second one beside it, which would send each event again', () => {
    expect(manifest(EVENTS, 'Deployment', 'event-collector').spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
  });

  test('continues after a restart, and collects what happened in between, but not that an event expired', () => {
    const { k8s_objects } = collector().receivers;

    expect(k8s_objects).toMatchObject({ storage: 'file_storage', include_initial_state: true });
    expect(k8s_objects.objects).toEqual([{ name: 'events', mode: 'watch', exclude_watch_type: ['DELETED'] }]);
    const { volumeMounts } = manifest(EVENTS, 'Deployment', 'event-collector').spec.template.spec
      .containers[0];
    expect(volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toContain(
      collector().extensions.file_storage.directory,
    );
  });

  test('sends labels that Loki indexes and fields that Loki keeps, and no others', () => {
    const named = {
      ...EVENTS,
      cluster: { name: 'eu-1' },
      logs: { labels: ['namespace', 'pod', 'container'] },
    };
    const { otlp_config } = config(named, 'loki').limits_config;
    const [entry, resource] = collector(named).processors['transform/events'].log_statements;
    const kept = ({ statements }: { statements: string[] }) =>
      JSON.parse(/keep_keys\([\w.]+, (.*)\)$/.exec(statements.at(-1) ?? '')?.[1] ?? '');

    expect(kept(resource)).toEqual(['app', 'namespace', 'cluster']);
    expect(otlp_config.resource_attributes.attributes_config[0].attributes).toEqual(
      expect.arrayContaining(kept(resource)),
    );
    expect(otlp_config.log_attributes[0].attributes).toEqual(expect.arrayContaining(kept(entry)));
  });

  test('drops what Loki answers with 429, and repeats all else, by a queue that sends to itself', () => {
    const { receivers, exporters, service } = collector();
    const [queue, loki] = [exporters['otlp_grpc/loki'], exporters['otlp_http/loki']];

    expect(service.pipelines.logs.exporters).toEqual(['otlp_grpc/loki']);
    expect(queue.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
    expect(queue.sending_queue.storage).toBe('file_storage');
    expect(receivers['otlp/loki'].protocols.grpc.endpoint).toBe(queue.endpoint);
    expect(service.pipelines['logs/loki']).toEqual({
      receivers: ['otlp/loki'],
      exporters: ['otlp_http/loki'],
    });
    expect(loki).toMatchObject({ sending_queue: { enabled: false }, retry_on_failure: { enabled: false } });
  });

  test('leaves out events of excluded namespaces', () => {
    expect(collector().processors['filter/excluded']).toBeUndefined();
    const { processors, service } = collector({ logs: { excludedNamespaces: ['noisy', 'ci'] } });
    expect(processors['filter/excluded'].log_conditions).toEqual([
      'ContainsValue(["noisy", "ci"], resource.attributes["k8s.namespace.name"])',
    ]);
    expect(service.pipelines.logs.processors[0]).toBe('filter/excluded');
  });

  test('reaches Loki, the API server and DNS; nobody but Prometheus reaches it', () => {
    const policies = manifests(settings(EVENTS)).filter(({ kind }) => kind === 'NetworkPolicy');
    const own = (app: string) => pod('monitoring', { app, 'app.kubernetes.io/part-of': 'logs-and-traces' });
    const [events, loki] = [own('event-collector'), own('loki')];
    const prometheus = pod('monitoring', { 'app.kubernetes.io/name': 'prometheus' });

    expect(reaches(policies, events, loki, '3100/TCP')).toBe(true);
    expect(reaches(policies, events, { address: '172.20.0.1' }, '443/TCP')).toBe(true);
    expect(reaches(policies, events, pod('kube-system', { 'k8s-app': 'kube-dns' }), '53/UDP')).toBe(true);
    expect(reaches(policies, prometheus, events, '8888/TCP')).toBe(true);
    expect(reaches(policies, pod('shop', { app: 'checkout' }), events, '8888/TCP')).toBe(false);
    expect(reaches(policies, events, own('tempo'), '4317/TCP')).toBe(false);
  });

  test('is rejected without Loki', () => {
    expect(
      mistakes({
        ...EVENTS,
        loki: { enabled: false },
        logs: { agent: 'none' },
        networkPolicies: { enabled: false },
      }),
    ).toEqual([
      'kubernetesEvents.enabled must be false with loki.enabled false and no logs.destinations, because nothing would receive the events, got true',
    ]);
  });
});

test('events are looked for by the smoke test only where the stack collects events', async () => {
  const now = Date.now();
  const mark = { id: 'x', startMs: now, deadlineMs: now };
  const events = async (hasEvents: boolean) =>
    (await logHops('http://127.0.0.1:9', mark, undefined, hasEvents))
      .filter(({ hop }) => hop === 'events: API server to loki')
      .map(({ verdict }) => verdict);

  expect([await events(true), await events(false)]).toEqual([['fail'], []]);
});

describe('the Loki Logs Dashboard', () => {
  const titles = (values: object) => {
    const { data } = manifests(settings(values)).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.includes('loki-logs'),
    );
    return JSON.parse(Object.values<string>(data)[0] ?? '').panels.map(
      ({ title }: { title: string }) => title,
    );
  };

  test('shows events if they are collected', () => {
    expect(titles(EVENTS)).toEqual(expect.arrayContaining(['Kubernetes events', 'Warnings by reason']));
    expect(titles({})).not.toContain('Kubernetes events');
  });
});
