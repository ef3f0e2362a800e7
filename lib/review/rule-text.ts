import { readFileSync } from 'node:fs';
import { nameOf } from '../kubernetes/object';
import type { DraftFinding, ReviewFinding } from './finding';
import { inNamespace, kubectlName, withoutPassword } from './words';

/** Text about a rule for users. It is Markdown, so it is also the documentation. */
export interface RuleText {
  /** What happens, as a clause after the name of the object. Rules with case-specific wording have none. */
  readonly says?: string;
  readonly reason: string;
  readonly source: string;
  readonly steps: readonly string[];
}

/** Texts by rule name. */
export type RuleTexts = ReadonlyMap<string, RuleText>;

/**
 * Reads the sections of Markdown files: `### <rule>`, what happens as a quote, the reason with a link to its source, and
 * the steps that make the change safely as a numbered list.
 *
 * @param files Paths relative to the root of the project, where every program runs.
 */
export function readRuleTexts(files: readonly string[]): RuleTexts {
  const sections = files.flatMap((file) => readFileSync(file, 'utf8').split(/^### /m).slice(1));
  return new Map(
    sections.map((section) => {
      const [rule = '', ...lines] = section.split(/^## /m)[0]?.trim().split('\n') ?? [];
      const marked = (mark: RegExp) =>
        lines.filter((line) => mark.test(line)).map((line) => line.replace(mark, ''));
      const quote = marked(/^> ?/).join(' ');
      const prose = lines
        .filter((line) => !/^(?:>|\d+\. )/.test(line))
        .join(' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
      const [, reason = '', source = ''] = /^(.*?) ?\[Source\]\((.*)\)$/.exec(prose) ?? [];
      if (source === '') throw new Error(`the section of rule ${rule} does not end with its source`);
      return [rule, { ...(quote !== '' && { says: quote }), reason, source, steps: marked(/^\d+\. /) }];
    }),
  );
}

/** Completes a draft with the text of its rule. */
export function completed(
  { says, detail = '', text, ...draft }: DraftFinding,
  texts: RuleTexts,
): ReviewFinding {
  const found = texts.get(text ?? draft.rule);
  if (found === undefined) throw new Error(`rule ${text ?? draft.rule} has no text`);
  const { object } = draft;
  const filled = (step: string) =>
    step
      .replaceAll('{object}', kubectlName(object))
      .replaceAll('{name}', object.metadata.name)
      .replaceAll('{-n namespace}', inNamespace(object));
  const steps = draft.steps ?? found.steps.map(filled);
  return {
    title: withoutPassword(`${nameOf(object)}: ${says ?? found.says ?? ''}${detail}`),
    ...{ reason: found.reason, source: found.source, changes: [] },
    ...draft,
    ...(steps.length > 0 && { steps }),
  };
}
