import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  missingAlerts,
  missingCommands,
  missingFiles,
  missingSettings,
  missingTitles,
  page,
  wrongValues,
} from '../support/mentions';

const PAGES = [
  'README.md',
  'README.ko.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `lib/${name}`),
];

describe.each(PAGES)('%s', (name) => {
  const content = page(readFileSync(name, 'utf8'));

  test('mentions files, settings, commands, alerts and titles that exist', () => {
    expect({
      files: missingFiles(content),
      // A changelog names what is gone.
      settings: name === 'CHANGELOG.md' ? [] : missingSettings(content),
      commands: missingCommands(content),
      alerts: missingAlerts(content),
      titles: missingTitles(content),
    }).toEqual({ files: [], settings: [], commands: [], alerts: [], titles: [] });
  });

  test('shows values that are valid', () => {
    expect(wrongValues(content)).toEqual([]);
  });
});

describe('a page that mentions something that does not exist fails', () => {
  test.each([
    [missingFiles, 'see `lib/loki/loki.ts` and `lib/loki/gone.ts`', 'lib/loki/gone.ts'],
    [missingFiles, 'see `test/*/alerts.test.ts` and `test/*/gone.test.ts`', 'test/*/gone.test.ts'],
    [
      missingFiles,
      '```sh\nkubectl delete -f dist/lokki.k8s.yaml -f dist/staging/loki.k8s.yaml\n```',
      'dist/lokki.k8s.yaml',
    ],
    [missingFiles, '`values/<name>.yaml`, `values/prod.yml`', 'values/prod.yml'],
    [missingSettings, '`loki.retention: 7d`, `loki.limits`, `loki.retension`', 'loki.retension'],
    [missingSettings, '`ingress.hosts.loki`, `ingress.host`', 'ingress.host'],
    [missingCommands, '```sh\nnpm run -s review\nnpm run -s revew\n```', 'npm run revew'],
    [missingCommands, '`npm run -s preflight -- --values x --cluster y`', 'npm run preflight -- --cluster'],
    [
      missingCommands,
      '```sh\nscripts/deploy.sh --dry-run --force   # --not-an-option\n```',
      'scripts/deploy.sh --force',
    ],
    [missingCommands, '`npx cdk8s synth`, `npx cdk8s snyth`', 'npx cdk8s snyth'],
    [missingAlerts, '`LokiDown`, `LokiIsDown`, `ServiceMonitor`', 'LokiIsDown'],
    [missingTitles, 'on *Loki Logs Dashboard*, panel *No such panel*', 'No such panel'],
    [missingTitles, '**Tempo Tracing Dashboard**, **Tempo Dashboard**', 'Tempo Dashboard'],
  ])('%p: %j', (check, text, missing) => {
    expect(check(page(text))).toEqual([missing]);
  });

  test('with rejected values', () => {
    expect(wrongValues(page('```yaml\nloki:\n  retention: 7\n```'))).toEqual([
      expect.stringContaining('loki.retention'),
    ]);
    expect(wrongValues(page('```yaml\nkind: Pod\n```\n```yaml\nloki:\n  retention: 7d\n```'))).toEqual([]);
  });
});
