/**
 * The upstream versions that the configs are written for and tested with. To upgrade, update the config's types,
 * run the real program, and change one line here.
 */
export const PINNED = {
  loki: { repository: 'grafana/loki', tag: '3.7.6' },
  tempo: { repository: 'grafana/tempo', tag: '3.0.3' },
  collector: { repository: 'otel/opentelemetry-collector-contrib', tag: '0.158.0' },
  // The last image of Promtail, which reached end of life on 2026-03-02.
  promtail: { repository: 'grafana/promtail', tag: '3.6.11' },
} as const;
