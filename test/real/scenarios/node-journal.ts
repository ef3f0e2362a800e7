import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifests, settings } from '../../support/render';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { findProgram, PROGRAMS } from '../programs';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const SELECTOR = '{app="node-journal"}';

/** An entry of a journal. */
interface JournalEntry {
  readonly unit: string;
  readonly message: string;
}

const kubelet = (message: string): JournalEntry => ({ unit: 'kubelet.service', message });

const FIRST: readonly (JournalEntry & { readonly level?: string })[] = [
  {
    ...kubelet('I1126 21:00:00.123456    1234 kubelet.go:2500] "SyncLoop ADD" pods=["shop/web-1"]'),
    level: 'info',
  },
  {
    ...kubelet('E1126 21:00:01.123456    1234 pod_workers.go:1301] "Error syncing pod" pod="shop/web-1"'),
    level: 'error',
  },
  {
    unit: 'containerd.service',
    message: 'time="2026-11-26T21:00:02Z" level=warning msg="cleaning up after shim disconnected"',
    level: 'warn',
  },
  { unit: 'sshd.service', message: 'Accepted publickey for admin' },
];

/** The journal of a node, written by systemd's own program, through Promtail to Loki. */
export const nodeJournalScenario: Scenario = {
  name: 'node-journal',
  title: 'Journal of a node: kubelet and container runtime through Promtail to Loki, across a restart',
  needs: ['loki', 'promtail', 'journalRemote', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const values = { logs: { nodeJournal: { enabled: true } }, cluster: { name: 'eu-1' } };
    const objects = manifests(settings(values));
    const journal = join(folder, 'node', 'var', 'log', 'journal', '4567f0f43ae04c2a92b2a8e3a4d6a001');
    mkdirSync(journal, { recursive: true });
    const stack = await Stack.create({ folder, objects, withApi: true });
    const since = Date.now() - 3_600_000;
    try {
      append(journal, FIRST, 'first');
      const container = await LoggingContainer.create(stack.api, stack.podLogs, 'web-1');
      container.write([{ stream: 'stdout', line: 'a line of a container' }]);
      await stack.start('loki', 'promtail');
      if (/not compiled into this build/.test(readFileSync(stack.pod('promtail').logFile, 'utf8'))) {
        report.skip('journal', 'Promtail was built without support for it');
        return;
      }
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      const settled = (expected: number) => loki.settled(SELECTOR, since, expected, 60);
      const entries = await settled(3);
      report.equal(
        'entries of the units',
        entries.map(({ line }) => line),
        FIRST.filter(({ level }) => level !== undefined).map(({ message }) => message),
      );
      report.equal(
        'levels',
        entries.map(({ metadata }) => metadata['detected_level']),
        FIRST.flatMap(({ level }) => level ?? []),
      );
      report.equal('labels', entries[0]?.labels ?? {}, {
        app: 'node-journal',
        cluster: 'eu-1',
        node: 'node-1',
        service_name: 'node-journal',
        unit: 'kubelet.service',
      });
      report.equal('lines of containers', (await loki.settled('{namespace="apps"}', since, 1, 30)).length, 1);

      append(journal, [kubelet('I1126 21:01:00.000001    1234 server.go:1] while it runs')], 'running');
      report.equal('while Promtail runs', (await settled(4)).length, 4);
      await stack.pod('promtail').stop();
      const away = Array.from({ length: 500 }, (_, index) =>
        kubelet(`I1126 21:02:00.000001    1234 a.go:1] away ${index}`),
      );
      append(journal, away, 'away');
      await stack.start('promtail');
      report.equal('500 entries while Promtail is away', (await settled(504)).length - 4, 500);
      await stack.pod('promtail').kill();
      await stack.start('promtail');
      append(journal, [kubelet('I1126 21:03:00.000001    1234 a.go:1] after a kill')], 'killed');
      const all = await settled(505);
      report.equal(
        'after a kill: none lost, none doubled',
        [all.length, new Set(all.map(({ line }) => line)).size],
        [505, 505],
      );
    } finally {
      await stack.stop();
    }
  },
};

/** Adds entries to a journal, each with a time of its own, in a file of its own as after a rotation. */
function append(folder: string, entries: readonly JournalEntry[], file: string): void {
  const now = BigInt(Date.now()) * 1_000n;
  const text = entries.map(({ unit, message }, index) =>
    [
      `__REALTIME_TIMESTAMP=${now + BigInt(index)}`,
      `__MONOTONIC_TIMESTAMP=${now + BigInt(index)}`,
      '_BOOT_ID=1234f0f43ae04c2a92b2a8e3a4d6a001',
      '_MACHINE_ID=4567f0f43ae04c2a92b2a8e3a4d6a001',
      '_HOSTNAME=node-1',
      'PRIORITY=6',
      `_SYSTEMD_UNIT=${unit}`,
      `MESSAGE=${message}`,
      '',
      '',
    ].join('\n'),
  );
  const output = join(folder, `system@${file}.journal`);
  const { status, stderr } = spawnSync(
    findProgram(PROGRAMS.journalRemote) ?? '',
    [`--output=${output}`, '-'],
    {
      input: text.join(''),
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`systemd-journal-remote: ${stderr}`);
}
