import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type Manifest, manifests, settings } from '../support/render';
import { findingsOf } from './support';

type Edit = (object: Manifest) => void;

const STACK = manifests(settings());
const NAMESPACE: Manifest = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'monitoring', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
};

/** The stack with its namespace, and an edited object of a kind and name in it. */
function edited(kind: string, name: string, edit: Edit): Manifest[] {
  const objects = structuredClone([...STACK, NAMESPACE]);
  const found = objects.filter((one) => one.kind === kind && one.metadata.name === name);
  expect(found).toHaveLength(1);
  edit(found[0]);
  return objects;
}

/** Effects and rules of a change, without what is said of every change of a ConfigMap. */
function assessed(kind: string, name: string, edit: Edit): string[] {
  return findingsOf([...STACK, NAMESPACE], edited(kind, name, edit))
    .filter(({ rule }) => !['config-without-restart', 'pod-template'].includes(rule))
    .map(({ effect, rule }) => `${effect} ${rule}`);
}

/** As {@link assessed}, for a change of a daemon's config. */
function config(name: string, edit: (config: Manifest) => void): string[] {
  return assessed('ConfigMap', name, ({ data }) => {
    const [file = ''] = Object.keys(data);
    const content = parse(data[file]);
    edit(content);
    data[file] = stringify(content);
  });
}

const pipeline = (name: string) => (one: Manifest) => one.service.pipelines[name];
const exporter = (one: Manifest) => one.exporters['otlp_grpc/tempo'];

describe('the collector is assessed by receivers, processing and exporters', () => {
  test.each<[string, (config: Manifest) => void, string[]]>([
    [
      'receivers that are still defined, and in no pipeline',
      (one) => {
        pipeline('traces/in')(one).receivers = ['otlp'];
      },
      ['data-loss collector-receiver-gone'],
    ],
    [
      'a receiver that is gone altogether',
      (one) => {
        pipeline('traces/in')(one).receivers = ['otlp', 'jaeger'];
        delete one.receivers.zipkin;
      },
      ['data-loss collector-receiver-gone'],
    ],
    [
      'a protocol that is gone',
      (one) => {
        delete one.receivers.otlp.protocols.http;
      },
      ['data-loss collector-receiver-gone'],
    ],
    [
      'a receiver at another port',
      (one) => {
        one.receivers.otlp.protocols.grpc.endpoint = '0.0.0.0:14317';
      },
      ['data-loss collector-receiver-gone', 'access collector-receiver-new'],
    ],
    [
      'a pipeline that is gone',
      (one) => {
        delete one.service.pipelines['traces/tempo'];
      },
      ['data-loss collector-exporter'],
    ],
    [
      'a connector that passes nothing on any more',
      (one) => {
        pipeline('traces/in')(one).exporters = ['span_metrics', 'service_graph'];
      },
      ['data-loss collector-exporter'],
    ],
    [
      'metrics that are no longer made from spans',
      (one) => {
        pipeline('metrics/spans')(one).receivers = ['service_graph'];
      },
      ['data-loss collector-flow-cut'],
    ],
    [
      'an exporter that is gone',
      (one) => {
        pipeline('metrics/spans')(one).exporters = ['debug'];
        delete one.exporters.prometheus;
        one.exporters.debug = {};
      },
      [
        'data-loss collector-exporter',
        'deletes collector-exemplars',
        'deletes collector-metric-names',
        'live collector-metric-times',
      ],
    ],
    [
      'another store',
      (one) => {
        exporter(one).endpoint = 'elsewhere:4317';
      },
      ['data-loss collector-exporter'],
    ],
    [
      'a second store',
      (one) => {
        one.exporters['otlp/copy'] = { endpoint: 'elsewhere:4317' };
        pipeline('traces/tempo')(one).exporters.push('otlp/copy');
      },
      ['access collector-exporter-new'],
    ],
    [
      'sampling before metrics are counted',
      (one) => {
        pipeline('traces/in')(one).processors.push('tail_sampling');
      },
      ['data-loss collector-sampled'],
    ],
    [
      'no sampling',
      (one) => {
        pipeline('traces/tempo')(one).processors = ['batch'];
      },
      ['capacity collector-unsampled'],
    ],
    [
      'a filter',
      (one) => {
        one.processors.filter = { traces: { span: ['true'] } };
        pipeline('traces/in')(one).processors.push('filter');
      },
      ['data-loss collector-sampled', 'unknown unknown-key'],
    ],
    [
      'no memory limiter',
      (one) => {
        pipeline('traces/in')(one).processors.shift();
      },
      ['data-loss collector-unlimited'],
    ],
    [
      'no metadata of pods',
      (one) => {
        const { processors } = pipeline('traces/in')(one);
        processors.splice(processors.indexOf('k8s_attributes'), 1);
      },
      ['unknown collector-processors'],
    ],
    [
      'another order of processors',
      (one) => {
        pipeline('traces/in')(one).processors.reverse();
      },
      ['unknown collector-processor-order'],
    ],
    [
      'a pipeline with another name',
      (one) => {
        const { 'traces/in': first, ...rest } = one.service.pipelines;
        one.service.pipelines = { 'traces/first': first, ...rest };
      },
      ['live collector-pipelines'],
    ],
    [
      'an end to retries',
      (one) => {
        exporter(one).retry_on_failure.max_elapsed_time = '5m';
      },
      ['data-loss collector-retry-time-end'],
    ],
    [
      'the default end of retries',
      (one) => {
        delete exporter(one).retry_on_failure.max_elapsed_time;
      },
      ['data-loss collector-retry-time-end'],
    ],
    [
      'no retries',
      (one) => {
        exporter(one).retry_on_failure.enabled = false;
      },
      ['data-loss collector-retries-off'],
    ],
    [
      'no queue',
      (one) => {
        exporter(one).sending_queue.enabled = false;
      },
      ['data-loss collector-queue-off'],
    ],
    [
      'a smaller queue',
      (one) => {
        exporter(one).sending_queue.queue_size /= 2;
      },
      ['data-loss collector-queue-size-lower'],
    ],
    [
      'smaller messages',
      (one) => {
        one.receivers.otlp.protocols.grpc.max_recv_msg_size_mib = 4;
      },
      ['data-loss collector-message-size-lower'],
    ],
    [
      'a shorter wait for a decision',
      (one) => {
        one.processors.tail_sampling.decision_wait = '2s';
      },
      ['data-loss collector-decision-wait-lower'],
    ],
    [
      'metrics with another name',
      (one) => {
        one.connectors.span_metrics.namespace = 'other';
      },
      ['deletes collector-metric-names'],
    ],
    [
      'metrics without exemplars',
      (one) => {
        one.connectors.span_metrics.exemplars.enabled = false;
      },
      ['deletes collector-exemplars'],
    ],
    [
      'an extension less',
      (one) => {
        one.service.extensions = [];
      },
      ['unknown unknown-key'],
    ],
  ])('%s', (_, edit, expected) => {
    expect(config('otel-collector', edit)).toEqual(expected);
  });
});

describe('a key of a config', () => {
  test.each<[string, string, (config: Manifest) => void, string]>([
    [
      'promtail',
      'clients.backoff_config.max_retries',
      ({ clients }) => {
        clients[0].backoff_config.max_retries = 10;
      },
      'data-loss promtail-retries-end',
    ],
    [
      'promtail',
      'limits_config.max_line_size_truncate',
      ({ limits_config }) => {
        limits_config.max_line_size_truncate = false;
      },
      'data-loss promtail-truncation-off',
    ],
    [
      'promtail',
      'limits_config.max_line_size',
      ({ limits_config }) => {
        limits_config.max_line_size = 1024;
      },
      'data-loss promtail-line-size-lower',
    ],
    [
      'promtail',
      'a stage that drops',
      ({ scrape_configs }) => {
        scrape_configs[0].pipeline_stages.push({ drop: { expression: 'GET /health' } });
      },
      'data-loss promtail-drops',
    ],
    [
      'promtail',
      'a relabeling that drops',
      ({ scrape_configs }) => {
        scrape_configs[0].relabel_configs.push({ source_labels: ['pod'], regex: 'x', action: 'drop' });
      },
      'data-loss promtail-targets',
    ],
    [
      'promtail',
      'kubernetes_sd_configs',
      ({ scrape_configs }) => {
        scrape_configs[0].kubernetes_sd_configs[0].role = 'node';
      },
      'unknown unknown-key',
    ],
    [
      'loki',
      'max_line_size_truncate',
      ({ limits_config }) => {
        limits_config.max_line_size_truncate = false;
      },
      'data-loss loki-truncation-off',
    ],
    [
      'loki',
      'reject_old_samples_max_age',
      ({ limits_config }) => {
        limits_config.reject_old_samples_max_age = '1h';
      },
      'data-loss loki-sample-age-lower',
    ],
    [
      'loki',
      'creation_grace_period',
      ({ limits_config }) => {
        limits_config.creation_grace_period = '1m';
      },
      'data-loss loki-clock-skew-lower',
    ],
    [
      'loki',
      'allow_structured_metadata',
      ({ limits_config }) => {
        limits_config.allow_structured_metadata = false;
      },
      'data-loss loki-structured-metadata-off',
    ],
    [
      'loki',
      'ingestion_rate_mb',
      ({ limits_config }) => {
        limits_config.ingestion_rate_mb = 1;
      },
      'data-loss loki-rate-lower',
    ],
    [
      'loki',
      'the directory of the write-ahead log',
      ({ ingester }) => {
        ingester.wal.dir = '/tmp/wal';
      },
      'data-loss loki-storage-moved',
    ],
    [
      'loki',
      'a limit that appears, where a default was',
      ({ limits_config }) => {
        limits_config.max_streams_matchers_per_query = 1;
      },
      'unknown unknown-key',
    ],
    [
      'loki',
      'a port',
      ({ server }) => {
        server.http_listen_port = 3200;
      },
      'unknown unknown-key',
    ],
    [
      'loki',
      'log_level',
      ({ server }) => {
        server.log_level = 'debug';
      },
      'live loki-log',
    ],
    [
      'tempo',
      'max_attribute_bytes',
      ({ distributor }) => {
        distributor.max_attribute_bytes = 2048;
      },
      'data-loss tempo-attribute-size-lower',
    ],
    [
      'tempo',
      'max_traces_per_user',
      ({ overrides }) => {
        overrides.defaults.ingestion.max_traces_per_user = 10;
      },
      'data-loss tempo-live-traces-lower',
    ],
    [
      'tempo',
      'a receiver less',
      ({ distributor }) => {
        delete distributor.receivers.otlp;
      },
      'data-loss tempo-receiver-gone',
    ],
    [
      'tempo',
      'stream_over_http_enabled',
      (one) => {
        one.stream_over_http_enabled = false;
      },
      'unknown unknown-key',
    ],
  ])('of %s is assessed: %s', (name, _, edit, expected) => {
    expect(config(name, edit)).toEqual([expected]);
  });

  test.each<[string, string, (config: Manifest) => void]>([
    [
      'loki',
      'auth_enabled',
      (one) => {
        one.auth_enabled = 'false';
      },
    ],
    [
      'loki',
      'retention_enabled',
      ({ compactor }) => {
        compactor.retention_enabled = 'true';
      },
    ],
    [
      'tempo',
      'max_bytes_per_trace',
      ({ overrides }) => {
        overrides.defaults.global.max_bytes_per_trace = '5242880';
      },
    ],
    [
      'promtail',
      'max_line_size_truncate',
      ({ limits_config }) => {
        limits_config.max_line_size_truncate = 'true';
      },
    ],
    [
      'otel-collector',
      'sending_queue.enabled',
      (one) => {
        exporter(one).sending_queue.enabled = 'false';
      },
    ],
  ])('of %s in quotes keeps the daemon from starting, and loses no data: %s', (name, _, edit) => {
    expect(config(name, edit)).toEqual(['restarts config-type']);
  });

  test.each(['loki', 'tempo', 'promtail', 'otel-collector'])('of %s without a rule is unknown', (name) => {
    expect(
      config(name, (one) => {
        one.brand_new = { key: 1 };
      }),
    ).toEqual(['unknown unknown-key']);
  });
});

describe('an object of the stack', () => {
  const enforce =
    (level: string): Edit =>
    ({ metadata }) => {
      metadata.labels['pod-security.kubernetes.io/enforce'] = level;
    };
  const image = (kind: string, name: string, from: RegExp, to: string) =>
    assessed(kind, name, ({ spec }) => {
      const [container] = spec.template.spec.containers;
      expect(container.image).toMatch(from);
      container.image = container.image.replace(from, to);
    });

  test('in a namespace with a stricter level is rejected', () => {
    const [found] = findingsOf([...STACK, NAMESPACE], edited('Namespace', 'monitoring', enforce('baseline')));

    expect(assessed('Namespace', 'monitoring', enforce('baseline'))).toEqual(['refused pods-not-admitted']);
    expect(assessed('Namespace', 'monitoring', enforce('restricted'))).toEqual(['refused pods-not-admitted']);
    expect(found?.title).toContain('DaemonSet monitoring/promtail (mounts /var/lib/promtail of its node');
    expect(found?.title).not.toContain('loki');
  });

  test('that shares its volume with another pod may lose data', () => {
    const replicas: Edit = ({ spec }) => {
      spec.replicas = 2;
    };
    const rolling: Edit = ({ spec }) => {
      spec.strategy = { type: 'RollingUpdate' };
    };

    expect(assessed('Deployment', 'tempo', rolling)).toEqual([
      'data-loss claim-shared',
      'live update-strategy',
    ]);
    for (const [kind, name] of [
      ['Deployment', 'tempo'],
      ['StatefulSet', 'loki'],
    ] as const)
      expect(assessed(kind, name, replicas)).toEqual(['data-loss claim-shared', 'capacity replicas-more']);
  });

  test('with an older image may not read its data', () => {
    const downgrade = /:\d+\.\d+\.\d+/;

    expect(image('Deployment', 'tempo', downgrade, ':2.9.0')).toEqual(['data-loss image-downgrade']);
    expect(image('StatefulSet', 'loki', downgrade, ':3.0.0')).toEqual(['data-loss image-downgrade']);
    expect(image('DaemonSet', 'promtail', downgrade, ':3.0.0')).toEqual(['unknown image-downgrade']);
    expect(image('Deployment', 'tempo', downgrade, ':4.0.0')).toEqual(['unknown image-major-upgrade']);
    expect(image('Deployment', 'tempo', downgrade, ':latest')).toEqual(['unknown image-version']);
    expect(image('Deployment', 'tempo', /\/tempo:/, '/mimir:')).toEqual(['unknown image-program']);
    expect(image('Deployment', 'tempo', /(\d+)$/, '99')).toEqual([]);
  });
});

describe('another log agent', () => {
  const agent = (name: string) => manifests(settings({ logs: { agent: name } }));

  test.each([
    ['promtail', 'otel', 'DaemonSet monitoring/otel-agent', 'DaemonSet monitoring/promtail'],
    ['otel', 'promtail', 'DaemonSet monitoring/promtail', 'DaemonSet monitoring/otel-agent'],
  ])('takes the place of %s as %s', (old, next, created, deleted) => {
    const found = findingsOf([...agent(old), NAMESPACE], [...agent(next), NAMESPACE]);
    const titles = (rule: string) => found.filter((one) => one.rule === rule).map(({ title }) => title);

    expect(titles('log-agent-switch')).toEqual([
      `${created}: is the log agent from now on, in the place of ${deleted}`,
    ]);
    expect(titles('replaced-object')).toContain(
      `${deleted}: is gone from the manifests: ${created} takes its place`,
    );
    expect(titles('removed-object').map((title) => title.split(' ')[0])).toEqual(['NetworkPolicy']);
  });

  test('that is only deleted is reported as such', () => {
    const found = findingsOf(
      [...agent('promtail'), NAMESPACE],
      [...agent('promtail').filter(({ metadata }) => metadata.name !== 'promtail'), NAMESPACE],
    );

    expect(found.filter(({ rule }) => rule === 'replaced-object')).toEqual([]);
    expect(found.map(({ title }) => title)).toContain(
      'DaemonSet monitoring/promtail: is gone from the manifests: its pods stop on every node',
    );
  });
});

describe('another source of logs or metrics', () => {
  test.each<[string, object, object]>([
    ['Kubernetes events', {}, { kubernetesEvents: { enabled: true } }],
    ['journals of nodes', {}, { logs: { nodeJournal: { enabled: true } } }],
    ['logs of SDKs', {}, { logs: { otlp: { enabled: true } } }],
    ['metrics of SDKs', {}, { tracing: { metrics: { enabled: true } } }],
  ])('loses nothing, and every change is understood: %s', (_, before, after) => {
    const of = (values: object) => [...manifests(settings(values)), NAMESPACE];
    const wrong = findingsOf(of(before), of(after)).filter(({ effect }) =>
      ['data-loss', 'unknown', 'deletes'].includes(effect),
    );

    expect(wrong.map(({ object, rule }) => `${object.metadata.name} ${rule}`)).toEqual([]);
  });

  test('is understood: other units of the journals', () => {
    const of = (units: string[]) => [
      ...manifests(settings({ logs: { nodeJournal: { enabled: true, units } } })),
      NAMESPACE,
    ];
    const found = findingsOf(of(['kubelet.service']), of(['k3s.service']));

    expect(found.filter(({ effect }) => effect === 'data-loss').map(({ rule }) => rule)).toEqual([
      'promtail-journal',
    ]);
  });
});

describe('a change of the collector of Kubernetes events', () => {
  const stack = (values: object = {}) => [
    ...manifests(settings({ kubernetesEvents: { enabled: true }, ...values })),
    NAMESPACE,
  ];
  const rules = (change: (config: Manifest) => void, values: object = {}) => {
    const objects = stack(values);
    const map = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'event-collector',
    );
    const config = parse(map.data['events.yaml']);
    change(config);
    map.data['events.yaml'] = stringify(config);
    return findingsOf(stack(), objects)
      .filter(
        ({ object, rule }) =>
          object.kind === 'ConfigMap' &&
          object.metadata.name === 'event-collector' &&
          !rule.startsWith('config-with'),
      )
      .map(({ effect, rule }) => `${effect} ${rule}`);
  };

  test.each<[string, (config: Manifest) => void, string[]]>([
    [
      'a smaller queue',
      ({ exporters }) => {
        exporters['otlp_grpc/loki'].sending_queue.queue_size = 1_000;
      },
      ['data-loss events-queue-size-lower'],
    ],
    [
      'no events from before the start',
      ({ receivers }) => {
        receivers.k8s_objects.include_initial_state = false;
      },
      ['data-loss events-initial-state-off'],
    ],
    [
      'events of one namespace',
      ({ receivers }) => {
        receivers.k8s_objects.objects[0].namespaces = ['shop'];
      },
      ['data-loss events-selection'],
    ],
    [
      'another time limit',
      ({ exporters }) => {
        exporters['otlp_http/loki'].timeout = '60s';
      },
      ['capacity events-sending'],
    ],
    [
      'a key that nobody knows',
      ({ receivers }) => {
        receivers.k8s_objects.error_mode = 'ignore';
      },
      ['unknown unknown-key'],
    ],
  ])('is understood: %s', (_, change, expected) => {
    expect(rules(change)).toEqual(expected);
  });

  test('is understood: a namespace less', () => {
    expect(rules(() => {}, { logs: { excludedNamespaces: ['noisy'] } })).toContain(
      'data-loss events-selection',
    );
  });
});

describe('a change of the OpenTelemetry Collector as the log agent', () => {
  const stack = (logs: object, otelAgent: object = {}) => [
    ...manifests(settings({ logs: { agent: 'otel', ...logs }, otelAgent })),
    NAMESPACE,
  ];
  const rules = (logs: object, otelAgent: object = {}) =>
    findingsOf(stack({}), stack(logs, otelAgent))
      .filter(
        ({ object, rule }) =>
          object.metadata.name === 'otel-agent' &&
          object.kind === 'ConfigMap' &&
          !rule.startsWith('config-with'),
      )
      .map(({ effect, rule }) => `${effect} ${rule}`);

  test.each<[string, object, object, string[]]>([
    ['a smaller queue', {}, { queue: { size: '512Mi' } }, ['data-loss otel-agent-queue-size-lower']],
    ['a larger queue', {}, { queue: { size: '2Gi' } }, ['capacity otel-agent-queue-size-higher']],
    ['a queue that drops', {}, { queue: { whenFull: 'drop' } }, ['data-loss otel-agent-queue-waits-off']],
    ['a namespace less', { excludedNamespaces: ['noisy'] }, {}, ['data-loss otel-agent-files-fewer']],
    ['a time to begin at', { since: '2026-11-24T16:00:00Z' }, {}, ['data-loss otel-agent-drops']],
    ['a longer wait', { multiline: { maxWait: '5s' } }, {}, ['live otel-agent-pipeline']],
    ['a log level', {}, { logLevel: 'warn' }, ['live otel-agent-intervals']],
  ])('is understood: %s', (_, logs, otelAgent, expected) => {
    expect(rules(logs, otelAgent)).toEqual(expected);
  });

  const withReceivers = (change: (receivers: Manifest, service: Manifest) => void) => {
    const objects = stack({});
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'otel-agent');
    const config = parse(map.data['agent.yaml']);
    change(config.receivers, config.service);
    map.data['agent.yaml'] = stringify(config);
    return findingsOf(stack({}), objects)
      .filter(({ object, rule }) => object.kind === 'ConfigMap' && !rule.startsWith('config-with'))
      .map(({ effect, rule }) => `${effect} ${rule}`);
  };

  test('is understood: pods in other lanes, and fewer lanes', () => {
    expect(
      withReceivers((receivers) => {
        const [first, second] = [receivers['file_log/0'], receivers['file_log/1']];
        [first.include, second.include] = [second.include, first.include];
      }),
    ).toEqual(['capacity otel-agent-lanes']);
    expect(
      new Set(
        withReceivers((receivers, { pipelines }) => {
          delete receivers['file_log/1'];
          receivers['file_log/0'].include = [
            '/var/log/pods/*_*_[0-3]*/*/*.log',
            '/var/log/pods/*_*_[0-3]*/*/*.log.????????-??????',
          ];
          pipelines.logs.receivers.splice(1, 1);
        }),
      ),
    ).toEqual(new Set(['capacity otel-agent-lanes']));
  });

  test('is understood: files that no lane reads any more', () => {
    expect(
      withReceivers((receivers) => {
        for (const [name, receiver] of Object.entries<Manifest>(receivers))
          if (name.startsWith('file_log')) receiver.include.pop();
      }),
    ).toEqual(['data-loss otel-agent-files-fewer']);
  });
});

test('patterns in lines are turned on or off without a word about the ring', () => {
  const on = { pattern_ingester: { enabled: true, lifecycler: { min_ready_duration: '0s' } } };

  expect(config('loki', (one) => Object.assign(one, on))).toEqual(['live loki-start']);
});
