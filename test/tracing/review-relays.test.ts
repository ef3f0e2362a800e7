import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { findingsOf } from '../review/support';
import { type Manifest, manifests, settings } from '../support/render';

/** A stack whose collectors send to Loki, with an edited config of one of them. */
function stack(name: string, edit: (config: Manifest) => void = () => {}, tracing: object = {}): Manifest[] {
  const objects = manifests(
    settings({ logs: { otlp: { enabled: true } }, kubernetesEvents: { enabled: true }, tracing }),
  );
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  const [file = ''] = Object.keys(map.data);
  const config = parse(map.data[file]);
  edit(config);
  map.data[file] = stringify(config);
  return objects;
}

/** A config whose exporter has the queue itself. */
function direct(config: Manifest): void {
  const { endpoint, tls, compression, timeout, ...queue } = config.exporters['otlp_grpc/loki'];
  Object.assign(config.exporters['otlp_http/loki'], queue);
  delete config.exporters['otlp_grpc/loki'];
  delete config.receivers['otlp/loki'];
  delete config.service.pipelines['logs/loki'];
  config.service.pipelines.logs.exporters = ['otlp_http/loki'];
}

const assessed = (old: Manifest[], next: Manifest[]) =>
  findingsOf(old, next)
    .filter(({ object, rule }) => object.kind === 'ConfigMap' && !rule.startsWith('config-with'))
    .map(({ effect, rule }) => `${effect} ${rule}`);

describe('a queue that becomes an exporter of its own', () => {
  test('loses nothing if it is in memory, from which the collector sends what is there before it stops', () => {
    const [old, next] = [stack('otel-collector', direct), stack('otel-collector')];

    expect(assessed(old, next)).toEqual(['live collector-relay', 'live collector-pipelines']);
    expect(assessed(next, old)).toEqual(['live collector-relay', 'live collector-pipelines']);
  });

  test('leaves behind what is on a volume', () => {
    const persistent = { queue: { persistent: true } };

    expect(
      assessed(
        stack('otel-collector', direct, persistent),
        stack('otel-collector', () => {}, persistent),
      ),
    ).toEqual(['data-loss collector-queue-moved', 'live collector-relay', 'live collector-pipelines']);
  });

  test('leaves behind events in the volume of the pod', () => {
    expect(assessed(stack('event-collector', direct), stack('event-collector'))).toEqual([
      'data-loss collector-queue-moved',
      'live collector-relay',
    ]);
  });
});

describe('a queue that is an exporter of its own', () => {
  test('is no entrance and no exit', () => {
    const without = manifests(settings({ kubernetesEvents: { enabled: true } }));
    const titles = findingsOf(without, stack('otel-collector'))
      .filter(({ rule }) => rule.startsWith('collector-'))
      .map(({ title }) => title);

    expect(titles.join()).toContain('data is also sent to otlp_http/loki (http://loki:3100/otlp)');
    expect(titles.join()).not.toContain('127.0.0.1');
  });

  test('that leads nowhere cuts the flow', () => {
    const cut = (config: Manifest) => {
      delete config.service.pipelines['logs/loki'];
    };

    expect(assessed(stack('otel-collector'), stack('otel-collector', cut))).toContain(
      'data-loss collector-exporter',
    );
  });

  test('may use another port', () => {
    const elsewhere = ({ exporters, receivers }: Manifest) => {
      exporters['otlp_grpc/loki'].endpoint = '127.0.0.1:14400';
      receivers['otlp/loki'].protocols.grpc.endpoint = '127.0.0.1:14400';
    };

    expect(assessed(stack('otel-collector'), stack('otel-collector', elsewhere))).toEqual([
      'live collector-relay-port',
    ]);
  });

  test('whose receiver listens elsewhere cuts the flow', () => {
    const apart = ({ receivers }: Manifest) => {
      receivers['otlp/loki'].protocols.grpc.endpoint = '127.0.0.1:14400';
    };

    expect(assessed(stack('otel-collector'), stack('otel-collector', apart))).toContain(
      'data-loss collector-flow-cut',
    );
  });

  test('that ends its retries loses records', () => {
    const end = ({ exporters }: Manifest) => {
      exporters['otlp_grpc/loki'].retry_on_failure.max_elapsed_time = '5m';
    };

    expect(assessed(stack('otel-collector'), stack('otel-collector', end))).toEqual([
      'data-loss collector-retry-time-end',
    ]);
  });
});
