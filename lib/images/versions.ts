/**
 * The upstream versions that the configs of this product are written for and were run with. A new version
 * is a change of the config's types, a run of the real program, and one line here.
 */
export const PINNED = {
  loki: { repository: 'grafana/loki', tag: '3.7.6' },
  tempo: { repository: 'grafana/tempo', tag: '3.0.3' },
  collector: { repository: 'otel/opentelemetry-collector-contrib', tag: '0.158.0' },
  // The last image of Promtail; upstream ended it on 2026-03-02.
  promtail: { repository: 'grafana/promtail', tag: '3.6.11' },
} as const;
