/**
 * One stage of the Promtail pipeline: its name and its configuration.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/stages/
 */
export type Stage = Readonly<Record<string, unknown>>;
