import { ownTelemetry } from '../collector/parts';

/** Ports other than those of the receivers. */
export const PORTS = { health: 13133, ownMetrics: 8888, spanMetrics: 8889 } as const;

type Section = Readonly<Record<string, object>>;

/** One stage of a collector: its components, and the pipelines that it feeds. */
export interface ConfigPart {
  readonly receivers?: Section;
  readonly processors?: Section;
  readonly connectors?: Section;
  readonly exporters?: Section;
  readonly extensions?: Section;
  readonly pipelines?: Section;
}

const HEALTH: ConfigPart = { extensions: { health_check: { endpoint: `0.0.0.0:${PORTS.health}` } } };

/**
 * Builds `collector.yaml` from its parts. Parts that are undefined are left out.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function joined(logLevel: string, parts: ReadonlyArray<ConfigPart | undefined>) {
  const section = (name: keyof ConfigPart): Section =>
    Object.assign({}, ...[HEALTH, ...parts].map((part) => part?.[name]));
  const extensions = section('extensions');
  return {
    receivers: section('receivers'),
    processors: section('processors'),
    connectors: section('connectors'),
    exporters: section('exporters'),
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: ownTelemetry(logLevel, PORTS.ownMetrics),
      pipelines: section('pipelines'),
    },
  };
}
