import { join } from 'node:path';
import { FEATURE_GATES } from '../../lib/otel-agent/config';
import { configOf, type Manifest } from '../support/render';
import { PROGRAMS } from './programs';

/** How much of its pipeline an agent runs. */
export const PARTS = ['CRI only', '+ joining', '+ fields'] as const;
export type Part = (typeof PARTS)[number];

/** Where a measured agent reads and sends, instead of on a node. */
export interface Surroundings {
  /** Folder of log files, as the container runtime writes them. */
  readonly logs: string;
  readonly state: string;
  readonly sinkUrl: string;
  readonly metricsPort: number;
}

/** An agent whose cost is measured without a cluster. */
export interface MeasuredAgent {
  readonly name: string;
  readonly program: (typeof PROGRAMS)[keyof typeof PROGRAMS];
  readonly args: (configFile: string) => string[];
  /** Upper bound for the cost of the whole pipeline, in times that of CRI parsing alone (docs/logs.md). */
  readonly mostTimes: number;
  /** What it counts of the entries that it has sent. */
  readonly sentMetric: string;
  /** The label of those of its series that count. @default all count */
  readonly sentLabel?: string;
  /** Its rendered config with a part of the pipeline, which reads files instead of asking the API server for pods. */
  readonly config: (objects: readonly Manifest[], part: Part, surroundings: Surroundings) => Manifest;
}

const LABELS = { namespace: 'apps', pod: 'shop-0', container: 'app', app: 'shop', node: 'node-1' };

const promtail: MeasuredAgent = {
  name: 'promtail',
  program: PROGRAMS.promtail,
  args: (file) => [`-config.file=${file}`],
  mostTimes: 4,
  sentMetric: 'promtail_sent_entries_total',
  config(objects, part, { logs, state, sinkUrl, metricsPort }) {
    const rendered = configOf(objects, 'promtail');
    // Without the rate limit, which would drop what is written at once.
    const stages: Manifest[] = rendered.scrape_configs[0].pipeline_stages.filter(
      (stage: Manifest) => !stage.limit,
    );
    const cri = stages.filter((stage) => stage.cri);
    const joined = stages.findIndex((stage) => stage.drop?.drop_counter_reason === 'blank_line') + 1;
    const labels = stages.filter((stage) => stage.labelallow);
    return {
      ...rendered,
      server: { ...rendered.server, http_listen_address: '127.0.0.1', http_listen_port: metricsPort },
      positions: { filename: join(state, 'positions.yaml') },
      clients: rendered.clients.map((client: Manifest) => ({
        ...client,
        url: `${sinkUrl}/loki/api/v1/push`,
      })),
      scrape_configs: [
        {
          job_name: 'measured',
          static_configs: [{ targets: ['localhost'], labels: { ...LABELS, __path__: join(logs, '*.log') } }],
          pipeline_stages: {
            'CRI only': [...cri, ...labels],
            '+ joining': stages.slice(0, joined),
            '+ fields': stages,
          }[part],
        },
      ],
    };
  },
};

const otel: MeasuredAgent = {
  name: 'otel',
  program: PROGRAMS['otel-agent'],
  args: (file) => [`--config=${file}`, `--feature-gates=${FEATURE_GATES.join(',')}`],
  mostTimes: 2,
  sentMetric: 'otelcol_exporter_sent_log_records',
  sentLabel: 'exporter="otlp_http/loki"',
  config(objects, part, { logs, state, sinkUrl, metricsPort }) {
    const rendered = configOf(objects, 'otel-agent');
    const receiver = rendered.receivers['file_log/0'];
    const first = receiver.operators.findIndex(({ id }: Manifest) => id === 'text') + 1;
    const parser = { statements: ['set(resource.attributes["parser"], "auto")'] };
    const loki = rendered.exporters['otlp_http/loki'];
    return {
      ...rendered,
      receivers: {
        file_log: {
          ...receiver,
          include: [join(logs, '*.log')],
          operators: part === 'CRI only' ? receiver.operators.slice(0, first) : receiver.operators,
        },
        'otlp/loki': rendered.receivers['otlp/loki'],
      },
      processors: {
        'transform/parser': { log_statements: [{ context: 'resource', ...parser }] },
        ...(part === '+ fields' ? { 'transform/fields': rendered.processors['transform/fields'] } : {}),
      },
      exporters: { ...rendered.exporters, 'otlp_http/loki': { ...loki, endpoint: `${sinkUrl}/otlp` } },
      extensions: {
        'file_storage/positions': { directory: join(state, 'positions'), create_directory: true },
        'file_storage/queue': { directory: join(state, 'queue'), create_directory: true },
      },
      service: {
        ...rendered.service,
        extensions: ['file_storage/positions', 'file_storage/queue'],
        telemetry: {
          ...rendered.service.telemetry,
          metrics: {
            readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } } }],
          },
        },
        pipelines: {
          logs: {
            receivers: ['file_log'],
            processors: ['transform/parser', ...(part === '+ fields' ? ['transform/fields'] : [])],
            exporters: ['otlp_grpc/loki'],
          },
          'logs/loki': rendered.service.pipelines['logs/loki'],
        },
      },
    };
  },
};

export const MEASURED_AGENTS: readonly MeasuredAgent[] = [promtail, otel];
