import type { Parser } from '../logs/annotations';

/**
 * One stage of the Promtail pipeline: its name and its configuration.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/stages/
 */
export type Stage = Readonly<Record<string, unknown>>;

/**
 * Stages for containers of certain formats only. The selector uses only the label `parser`, so that all lines of a
 * stream take the same path. A selector that depends on line content would change their order.
 */
export function forParsers(parsers: readonly Parser[], stages: readonly Stage[]): Stage {
  return { match: { selector: `{parser=~"${parsers.join('|')}"}`, stages } };
}
