import { expect, test } from '@jest/globals';
import { readExport } from '../../lib/preflight/answers';
import { grafanaNames } from '../../lib/preflight/checks/grafana-names';
import { askGrafana, GRAFANA_SECTION, readGrafana } from '../../lib/preflight/grafana-answer';
import { exportCommand } from '../../lib/preflight/reads';
import { cluster, desired, existing, STACK } from './existing';

const one = (name: string, uid: string, others: object = {}) => ({
  ...{ id: 1, name, uid, type: 'loki', url: 'http://elsewhere:3100', isDefault: false, readOnly: false },
  ...others,
});
const findings = (datasources: object[], values: object = STACK) => {
  const grafana = readGrafana(JSON.stringify(datasources)) ?? [];
  return [...grafanaNames.assess(desired(values), cluster(existing(), { grafana }))];
};

test.each([
  ['one made by hand with the name of one of this stack', one('Loki', 'P8E80F9AEF21F6940')],
  ['one with the uid of one of this stack', one('Team traces', 'tempo', { type: 'tempo' })],
  ['one made by hand with both', one('Tempo', 'tempo')],
  ['a second Prometheus', one('Prometheus (logs and traces)', 'x', { type: 'prometheus', readOnly: true })],
])('finds %s, and pastes what avoids it', (_, datasource) => {
  expect(findings([one('Prometheus', 'prometheus'), datasource])).toMatchObject([
    {
      verdict: 'fail',
      observed: `Grafana has the datasource ${datasource.name} (uid ${datasource.uid}), and this stack adds one of that name or uid: Grafana would not start again, or would replace it`,
      values: { grafana: { datasourceSuffix: 'stack' } },
    },
  ]);
  expect(findings([datasource], { ...STACK, grafana: { datasourceSuffix: 'stack' } })).toEqual([]);
});

test('proposes a suffix that is free', () => {
  expect(findings([one('Loki', 'a'), one('Loki (stack)', 'b')])).toMatchObject([
    { values: { grafana: { datasourceSuffix: 'stack-2' } } },
  ]);
});

test('is content with the datasources that this stack provisioned before, also with another address', () => {
  const ours = [one('Loki', 'loki', { readOnly: true }), one('Tempo', 'tempo', { url: 'http://tempo:3100' })];

  expect(findings(ours)).toEqual([]);
});

test('does not take silence for an answer', () => {
  const names = (grafana: string) =>
    grafanaNames.assess(desired(), cluster(existing(), { grafana: readGrafana(grafana) })).next().value;

  for (const answer of [
    '',
    '{"message":"Invalid username or password"}',
    'curl: (22) The requested URL returned error: 401',
    '[1',
  ])
    expect(names(answer)).toMatchObject({
      verdict: 'unknown',
      fix: expect.stringMatching(
        /has no other Loki, Tempo, Prometheus \(logs and traces\); .+ npm run preflight -- --grafana$/,
      ),
    });
  expect(names('Defaulted container\n[]')).toMatchObject({ verdict: 'ok' });
});

test('is answered by an export, whose command asks only where that is wanted', () => {
  const answer = `# ${GRAFANA_SECTION}\n${JSON.stringify([one('Loki', 'old')])}\n`;
  const nodes = '# Node\n{"kind":"List","apiVersion":"v1","items":[]}\n';
  const observed = (text: string) =>
    readExport('cluster.json', text, desired()).grafana?.map(({ name, uid }) => `${name} ${uid}`);

  expect(observed(`${nodes}${answer}`)).toEqual(['Loki old']);
  expect(observed(nodes)).toBeUndefined();
  expect(exportCommand(desired(), 'cluster.json', true)).toContain(
    `echo '# ${GRAFANA_SECTION}'; kubectl exec -n monitoring "$(kubectl get pods -n monitoring -l`,
  );
  expect(exportCommand(desired(), 'cluster.json', false)).not.toContain('exec');
});

test('leaves the login where it is, in the environment of Grafana', () => {
  const [script = ''] = askGrafana(desired(), 'grafana-0').slice(-1);

  expect(script).toContain('-u "$GF_SECURITY_ADMIN_USER:$GF_SECURITY_ADMIN_PASSWORD"');
  expect(exportCommand(desired(), 'x', true)).toContain("'curl -sSfL");
});
