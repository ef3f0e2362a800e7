import * as z from 'zod';
import { duration, text } from '../values/fields';
import { logqlProblem } from './logql';

/** A map of strings, which can contain Prometheus templates. */
const strings = (what: string, key: RegExp) =>
  z
    .record(z.string().regex(key, { error: `must be the name of a ${what}` }), z.string(), {
      error: `must be a map of ${what}s`,
    })
    .optional();

const NAME = /^[a-zA-Z_]\w*$/;
const time = () => duration({ atLeast: '0s', examples: ['5m', '1h'] }).optional();

/** One alert. Recording rules are not accepted, because Loki would have to write their series to a Prometheus. */
const logAlert = z.strictObject({
  alert: text('the name of an alert such as "PaymentsFail"', NAME, 200),
  expr: z.string({ error: 'must be a LogQL expression' }).superRefine((expr, context) => {
    const problem = logqlProblem(expr);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
  for: time(),
  keep_firing_for: time(),
  labels: strings('label', NAME),
  annotations: strings('annotation', NAME),
});

/**
 * A file of log alerts, in the rule file format of Prometheus and Loki.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/alert/
 */
export const logAlertsSchema = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: text('the name of a group', /^\S(?:.*\S)?$/),
        interval: duration({ atLeast: '10s', atMost: '1h', examples: ['1m', '5m'] }).optional(),
        rules: z
          .array(logAlert, { error: 'must be a list of alerts' })
          .min(1, { error: 'must contain an alert' }),
      }),
      { error: 'must be a list of groups' },
    )
    .min(1, { error: 'must contain a group' }),
});

/** A file of log alerts. */
export interface LogAlertFile {
  /** Name of the file, which Loki shows as the namespace of its groups. */
  readonly name: string;
  /** Its folder, which is the tenant whose lines it watches. @default those of no tenant in the values */
  readonly tenant?: string;
  /** Groups of alerts, in Loki's format. */
  readonly groups: ReadonlyArray<{ readonly name: string; readonly rules: readonly object[] }>;
}
