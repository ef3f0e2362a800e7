import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Series by name and labels, each with its values in the notation of promtool: `0+5x30`, `1x30`, `_x10 7x20`. */
export type Series = Readonly<Record<string, string>>;

/** What Prometheus sees, and whether an alert fires for it. */
export interface Situation {
  readonly when: string;
  readonly fires: boolean;
  readonly series: Series;
  /** Time between two values, and time at which to look, as Prometheus writes them. */
  readonly every: string;
  readonly at: string;
}

/** Whether promtool is there. */
export const promtool = spawnSync('promtool', ['--version']).status === 0;
if (!promtool)
  process.stderr.write(
    'NOT RUN: promtool is not on PATH (Debian package prometheus); alerts were not evaluated\n',
  );

/** What promtool says of the rules, and of each situation; nothing where all is as it should be. */
export function evaluate(
  rules: { readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[] },
  situations: readonly (Situation & { alert: string; title: string })[],
) {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  };
  try {
    writeFileSync(join(folder, 'rules.yaml'), stringify(rules, { lineWidth: 0 }));
    // How often rules are evaluated is a matter of a whole file. Of the rules only those of the alert count, and
    // evaluating the others too takes several times as long.
    const groups = new Set(situations.map(({ every, alert }) => `${every} ${alert}`));
    const files = [...groups].map((group, n) => {
      const tests = situations.filter(({ every, alert }) => `${every} ${alert}` === group);
      const [every = '', alert = ''] = group.split(' ');
      const own = rules.groups.map((one) => ({
        ...one,
        rules: one.rules.filter((rule) => new RegExp(`^(${alert})$`).test(rule.alert)),
      }));
      const write = (name: string, content: object) =>
        writeFileSync(join(folder, name), stringify(content, { lineWidth: 0 }));
      write(`rules-${n}.yaml`, { groups: own });
      write(`tests-${n}.yaml`, {
        rule_files: [`rules-${n}.yaml`],
        evaluation_interval: every,
        tests: tests.map(promtoolTest),
      });
      return `tests-${n}.yaml`;
    });
    return { check: run('check', 'rules', 'rules.yaml'), test: run('test', 'rules', ...files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function promtoolTest({
  title,
  alert,
  series,
  every,
  at,
  fires,
}: Situation & { alert: string; title: string }) {
  // Whether it fires is what counts; labels are not what is tested here. The title, which no label has, finds its
  // way into the message.
  const firing = `ALERTS{alertname=~"${alert}",alertstate="firing",situation!="${title}"}`;
  const expr = `(count(${firing}) > bool 0) or vector(0)`;
  return {
    interval: every,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: at, exp_samples: [{ value: fires ? 1 : 0, labels: '{}' }] }],
  };
}
