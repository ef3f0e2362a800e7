import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { manifestFiles } from '../../lib/synthesize';
import { scripts } from '../../package.json';
import { CASE_NAMES, caseManifests, caseSettings, type Manifest, settings } from './render';
import { settingPaths } from './setting-paths';

/** What a page mentions, each kind of which exists or does not. */
export interface Page {
  readonly text: string;
  /** Inline code, and the lines of blocks that are run or typed. */
  readonly code: readonly string[];
}

/** A page of Markdown, with what is written in it as code. */
export function page(text: string): Page {
  const blocks = [...text.matchAll(/^```(?:sh|console)?\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return { text, code: [...blocks, ...spans] };
}

const CASES = CASE_NAMES.map((name) => caseManifests(name));
const OBJECTS: readonly Manifest[] = CASES.flat();

/** Every path of the product's own files and folders. */
const TREE = ['.ci', '.github', 'docs', 'imports', 'lib', 'scripts', 'test'].flatMap((folder) => [
  `${folder}/`,
  ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/');
    return entry.isDirectory() ? `${path}/` : path;
  }),
]);

const CHARTS = new Set(
  CASE_NAMES.flatMap((name) => manifestFiles(caseSettings(name)).map(({ fileName }) => fileName)),
);

/** Files of the user, which follow from the names of clusters. */
function isUserFile(path: string): boolean {
  const [folder, ...rest] = path.split('/');
  const below = rest.join('/');
  const name = '(?:[a-z0-9-]+/)*[a-z0-9<>-]+';
  const known: Record<string, RegExp> = {
    values: new RegExp(`^(?:schema\\.json|\\*\\.yaml|_base\\.yaml|${name}\\.yaml)?$`),
    dist: new RegExp(`^(?:${name}/)?(?:cluster\\.txt|${[...CHARTS].join('|').replaceAll('.', '\\.')})?$`),
    gitops: new RegExp(
      `^(?:values\\.yaml|argo-cd|argo-cd/(?:application|application-set)\\.yaml|(?:argo-cd|flux)/|flux/${name}\\.yaml)?$`,
    ),
    dashboards: new RegExp(`^(?:${name}\\.json|\\*\\.json)?$`),
  };
  return known[folder ?? '']?.test(below) ?? false;
}

/** Files and folders that a page mentions and that do not exist; `*` and `<name>` stand for any name. */
export function missingFiles({ code }: Page): string[] {
  const folders = 'docs|scripts|lib|test|imports|values|gitops|dist|dashboards|\\.ci|\\.github';
  const path = new RegExp(`(?<![\\w./<:-])(?:${folders})/[\\w./*<>-]*`, 'g');
  return code
    .flatMap((one) => one.match(path) ?? [])
    .map((found) => found.replace(/[.,]$/, ''))
    .filter((found) => {
      const pattern = found
        .replaceAll('.', '\\.')
        .replaceAll('*', '[^/]+')
        .replaceAll(/<[^>]+>/g, '[^/]+');
      const expression = new RegExp(`^${pattern}/?$`);
      return !isUserFile(found) && !TREE.some((existing) => expression.test(existing));
    });
}

const SETTINGS = settingPaths();
const SECTIONS = new Set(SETTINGS.map((path) => path.split('.')[0]));

/** Names with dots that begin as settings do: values of the Helm chart of kube-prometheus-stack, and a domain. */
const NO_SETTINGS = [
  'cluster.local',
  'grafana.additionalDataSources',
  'grafana.admin.existingSecret',
  'grafana.deploymentStrategy.type',
];

/** Settings that a page mentions and that do not exist. */
export function missingSettings({ code }: Page): string[] {
  return code
    .flatMap((span) => /^([a-z][A-Za-z]*(?:\.[A-Za-z]+)+)(?::.*|\[\d*\])?$/.exec(span)?.[1] ?? [])
    .filter((path) => SECTIONS.has(path.split('.')[0] ?? '') && !/\.(?:ya?ml|json|md|com)$/.test(path))
    .filter((path) => !NO_SETTINGS.includes(path))
    .filter((path) => !SETTINGS.some((one) => one === path || one.startsWith(`${path}.`)));
}

/** Mistakes in the blocks of YAML that hold nothing but settings, unless the page shows what is wrong with one. */
export function wrongValues({ text }: Page): string[] {
  return [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].flatMap((match) => {
    const [whole, indent = '', block = ''] = match;
    const values = parse(block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')) as object | null;
    const keys = Object.keys(values ?? {});
    if (values === null || keys.length === 0 || !keys.every((key) => SECTIONS.has(key))) return [];
    const [, next = ''] = /^ *```\w*\n([\s\S]*?)^ *```/m.exec(text.slice(match.index + whole.length)) ?? [];
    if (next.startsWith('values/')) return [];
    try {
      settings(values);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/** Options that a shell script or a program behind an npm script takes. */
function optionsOf(file: string): Set<string> {
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '(\.\.?\/[^']+)'/g)].map(
    ([, path = '']) => `${join(dirname(file), path)}.ts`,
  );
  const texts = [text, ...imported.map((one) => readFileSync(one, 'utf8'))].join('\n');
  const named = [
    ...texts.matchAll(/--([a-z][a-z-]*)/g),
    ...texts.matchAll(/^\s+'?([a-z-]+)'?: \{ type: '/gm),
  ];
  return new Set(named.map(([, option = '']) => option));
}

/** Commands and options that a page mentions and that do not exist. */
export function missingCommands({ code }: Page): string[] {
  const known = scripts as Readonly<Record<string, string>>;
  const lines = code.map((line) => line.replace(/(?:^|\s)#.*$/, ''));
  const options = (rest: string) =>
    [...rest.matchAll(/(?<=\s|^)--([a-z][a-z-]*)/g)].map(([, option = '']) => option);
  return lines.flatMap((line) => [
    ...[...line.matchAll(/\bnpm run (?:-s |--silent )?([a-z:]+)(?: -- ([^|;&)]*))?/g)].flatMap(
      ([, name = '', rest = '']) => {
        const [, file] = /(\S+\.(?:ts|mjs))$/.exec(known[name] ?? '') ?? [];
        if (known[name] === undefined) return [`npm run ${name}`];
        return file === undefined
          ? []
          : options(rest)
              .filter((one) => !optionsOf(file).has(one))
              .map((one) => `npm run ${name} -- --${one}`);
      },
    ),
    ...[...line.matchAll(/(?<![\w/])(?:\.\/)?(scripts\/[\w-]+\.sh)([^|;&)]*)/g)].flatMap(
      ([, file = '', rest = '']) =>
        TREE.includes(file)
          ? options(rest)
              .filter((one) => !optionsOf(file).has(one))
              .map((one) => `${file} --${one}`)
          : [file],
    ),
    ...[...line.matchAll(/\bnpx cdk8s ([a-z]+)/g)]
      .filter(([, command = '']) => !['synth', 'import', 'init'].includes(command))
      .map(([found]) => found),
  ]);
}

const ALERTS = new Set(
  OBJECTS.filter(({ kind }) => kind === 'PrometheusRule').flatMap(({ spec }) =>
    spec.groups.flatMap(({ rules }: Manifest) => rules.map(({ alert }: Manifest) => alert)),
  ),
);

/** The words that names of alerts begin with: Loki, Tempo, Trace, … */
const ALERT_PREFIXES = new Set([...ALERTS].map((alert) => /^[A-Z][a-z]+/.exec(alert)?.[0]));
const KINDS = new Set(OBJECTS.map(({ kind }) => kind));

/** Names of alerts that a page mentions and that do not exist. */
export function missingAlerts({ code }: Page): string[] {
  return code
    .flatMap((one) => one.match(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b/g) ?? [])
    .filter((name) => ALERT_PREFIXES.has(/^[A-Z][a-z]+/.exec(name)?.[0]) && !ALERTS.has(name))
    .filter((name) => !KINDS.has(name));
}

/** What people read on a screen of Grafana: titles of dashboards, rows and panels, labels of variables, texts of links. */
const TITLES = new Set(
  OBJECTS.flatMap(({ kind, metadata, data, stringData }) => {
    if (kind === 'Secret')
      return (JSON.stringify(stringData).match(/(?<=label: |urlDisplayLabel: )[A-Z][\w ]+/g) ??
        []) as string[];
    if (kind !== 'ConfigMap' || !metadata.name.startsWith('grafana-dashboard-')) return [];
    return Object.values<string>(data).flatMap((text) =>
      [...text.matchAll(/"(?:title|label|name|displayName)":"((?:[^"\\]|\\.)*)"/g)].map(
        ([, title = '']) => title,
      ),
    );
  }),
);

/** Names of other programs' screens and extensions. */
const OTHER_TITLES = ['YAML'];

/** Dashboards, panels and other titles, which pages write in italics, that do not exist. */
export function missingTitles({ text }: Page): string[] {
  const italics = [...text.matchAll(/(?<![*\w])\*([A-Z][^*\n]+)\*(?!\*)/g)];
  const dashboards = [...text.matchAll(/\*\*([A-Z][\w ]+ (?:Dashboard|Overview))\*\*/g)];
  return [...italics, ...dashboards]
    .map(([, title = '']) => title)
    .filter((title) => !TITLES.has(title) && !OTHER_TITLES.includes(title));
}
