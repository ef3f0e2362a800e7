import { ManifestError } from '../kubernetes/manifest-error';
import type { KubernetesObject } from '../kubernetes/object';
import { readKubectlJson } from '../kubernetes/read-manifests';
import { Cluster } from './cluster';
import type { Desired } from './desired';
import { GRAFANA_SECTION, readGrafana } from './grafana-answer';
import { reads } from './reads';

/** Thrown if a file is not an export of a cluster. The message contains the fix. */
export class ExportError extends Error {}

/** The response of kubectl to one call. */
export interface Answer {
  readonly objects: readonly KubernetesObject[];
  /** Kinds that the response does not cover, with the reason. */
  readonly unread: readonly (readonly [kind: string, reason: string])[];
}

/** A JSON document as printed by kubectl, indented or on one line. */
const DOCUMENT = /^\{(?:.*\}$|\n[\s\S]*?^\}$)/gm;

/**
 * Parses the output of a kubectl call, including errors.
 *
 * @param kinds Kinds that the call requests.
 */
export function readAnswer(text: string, kinds: readonly string[]): Answer {
  const objects = (text.match(DOCUMENT) ?? []).flatMap((document) => readKubectlJson(document));
  const errors = text
    .replace(DOCUMENT, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Warning:'));
  const fatal = errors.filter((line) => line.includes("doesn't have a resource type"));
  // A kind that the API server does not serve has no objects. But it makes a call for several kinds fail.
  if (fatal.length > 0 && kinds.length === 1) return { objects, unread: [] };
  const names = (line: string, kind: string) => line.toLowerCase().includes(kind.toLowerCase());
  const general = [...fatal, ...errors.filter((line) => !kinds.some((kind) => names(line, kind)))];
  const unread = kinds
    .filter((kind) => !objects.some((object) => object.kind === kind))
    .flatMap((kind) => {
      const reason = errors.find((line) => names(line, kind)) ?? general[0];
      return reason === undefined ? [] : [[kind, reason] as const];
    });
  return { objects, unread };
}

/**
 * The cluster of an export.
 *
 * @param file Name of the file, for messages.
 * @throws ExportError if the file is not an export.
 */
export function readExport(file: string, text: string, desired: Desired): Cluster {
  const again = 'write it again: npm run -s preflight -- --export-command';
  const unix = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  // Each call starts with a line of its kinds. Text before the first such line is not from the command.
  const [before = '', ...rest] = unix.split(/^# (?=[\w,]+$)/m);
  const sections = rest.map((call) => ({
    kinds: call.split('\n', 1).join().split(','),
    text: call.replace(/.*/, ''),
  }));
  const isGrafana = ({ kinds }: { kinds: string[] }) => kinds.includes(GRAFANA_SECTION);
  const calls = sections.filter((call) => !isGrafana(call));
  let answers: Answer[];
  try {
    answers = [{ kinds: [], text: before }, ...calls].map((call) => readAnswer(call.text, call.kinds));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ManifestError)) throw error;
    throw new ExportError(`${file} is not the output of kubectl get -o json (${error.message}); ${again}`);
  }
  if (calls.length === 0 && unix.match(DOCUMENT) === null)
    throw new ExportError(`${file} is not the output of kubectl get -o json; ${again}`);
  const objects = answers.flatMap((answer) => answer.objects);
  // Without such a line, only objects prove that a kind was read.
  const asked = calls.flatMap(({ kinds }) => kinds);
  const silent = reads(desired)
    .flatMap(({ kinds }) => kinds)
    .filter((kind) => !asked.includes(kind) && !objects.some((object) => object.kind === kind));
  return new Cluster(objects, {
    unread: new Map([
      ...silent.map((kind) => [kind, 'the export holds none'] as const),
      ...answers.flatMap((answer) => answer.unread),
      // An export contains no Secrets, not even their names.
      ['Secret', 'an export holds none'],
    ]),
    grafana: readGrafana(sections.find(isGrafana)?.text ?? ''),
  });
}
