import type { Parser } from '../logs/annotations';

/**
 * One stage of Promtail's pipeline: its name, and its config.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/stages/
 */
export type Stage = Readonly<Record<string, unknown>>;

/**
 * Stages for containers of some formats only. The selector names nothing but the label `parser`, so that all
 * lines of a stream go the same way: a selector that looks at lines would change their order.
 */
export function forParsers(parsers: readonly Parser[], stages: readonly Stage[]): Stage {
  return { match: { selector: `{parser=~"${parsers.join('|')}"}`, stages } };
}
