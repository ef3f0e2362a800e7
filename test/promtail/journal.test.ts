import { describe, expect, test } from '@jest/globals';
import { config, type Manifest, manifest, mistakes } from '../support/render';

const ENABLED = { logs: { nodeJournal: { enabled: true } } };
/** The jobs that read a journal. */
const jobs = (values: object): Manifest[] =>
  config(values, 'promtail').scrape_configs.filter(({ journal }: Manifest) => journal);

describe('the journal of a node', () => {
  test('is not read by default', () => {
    expect(jobs({})).toEqual([]);
  });

  test('is mounted read-only where Promtail reads it', () => {
    const [{ journal }] = jobs(ENABLED) as [Manifest];
    const pod = manifest(ENABLED, 'DaemonSet', 'promtail').spec.template.spec;

    expect(journal.path).toBe('/var/log/journal');
    expect(pod.containers[0].volumeMounts).toContainEqual({
      name: 'journal',
      mountPath: journal.path,
      readOnly: true,
    });
    // Creating the folder would make journald write to it.
    expect(pod.volumes).toContainEqual({
      name: 'journal',
      hostPath: { path: journal.path, type: 'Directory' },
    });
  });

  test('is read for some units only', () => {
    const units = ['k3s.service', 'ssh@1.service'];
    const of = (nodeJournal: object) =>
      jobs({ logs: { nodeJournal: { enabled: true, ...nodeJournal } } })[0] as Manifest;

    expect(of({}).journal.matches).toBe('_SYSTEMD_UNIT=kubelet.service _SYSTEMD_UNIT=containerd.service');
    expect(of({ units }).journal.matches).toBe('_SYSTEMD_UNIT=k3s.service _SYSTEMD_UNIT=ssh@1.service');
  });

  test('has labels with few values, and no others', () => {
    const [{ pipeline_stages }] = jobs({ ...ENABLED, cluster: { name: 'eu-1' } }) as [Manifest];

    expect(pipeline_stages.at(-1)).toEqual({ labelallow: ['cluster', 'app', 'node', 'unit'] });
  });

  test.each([
    [{ agent: 'otel' }, 'must be false with logs.agent otel: the image of the OpenTelemetry Collector lacks'],
    [{ agent: 'none' }, 'must be false with logs.agent none, because no agent of the stack would read'],
  ])('is rejected with %j', (logs, expected) => {
    const network = { networkPolicies: { enabled: false } };

    expect(mistakes({ logs: { ...ENABLED.logs, ...logs }, ...network }).join()).toContain(
      `logs.nodeJournal.enabled ${expected}`,
    );
  });

  test('is rejected without units and with what is none', () => {
    const of = (units: unknown) => mistakes({ logs: { nodeJournal: { enabled: true, units } } }).join();

    expect(of([])).toContain('logs.nodeJournal.units must contain a unit');
    expect(of(['kubelet'])).toContain('systemd unit such as "kubelet.service"');
    expect(of(['kubelet.service _UID=0'])).toContain('systemd unit such as "kubelet.service"');
  });
});
