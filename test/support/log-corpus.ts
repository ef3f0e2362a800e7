import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ids that the corpus uses, by the letter that stands for each. */
export const IDS = {
  T: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
  t: { trace_id: 'a3ce929d0e0e4736' },
  S: { span_id: '00f067aa0ba902b7' },
} as const;

/** One entry of a container, and what is to be found in it. */
export interface Entry {
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What one container writes, and the entries that its lines make. */
export interface Sample {
  readonly name: string;
  readonly lines: readonly string[];
  readonly entries: readonly Entry[];
}

const FOLDER = join(__dirname, '../logs/corpus');

/**
 * Reads the corpus. A sample is a name after `# `, then lines of `<level> <ids>|<line>`: the level of an entry (`-` for none),
 * the letters of its ids, and nothing where a line continues the entry before. `⇥` is a tab and `␛` an escape.
 */
export function corpus(): Sample[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) =>
      readFileSync(join(FOLDER, file), 'utf8')
        .split(/^# /m)
        .slice(1)
        .map((text) => sample(file.replace('.txt', ''), text)),
    );
}

function sample(group: string, text: string): Sample {
  const [title = '', ...rows] = text.trimEnd().split('\n');
  const parsed = rows
    .filter((row) => row.includes('|'))
    .map((row) => {
      const [, level, ids, line] = /^([a-z-]*) *([TtS]*) *\|(.*)$/.exec(row) ?? [];
      if (level === undefined || ids === undefined || line === undefined)
        throw new Error(`corpus, ${group}: ${title}: cannot read ${JSON.stringify(row)}`);
      return { level, ids, line: line.replaceAll('⇥', '\t').replaceAll('␛', '\x1b') };
    });
  const entries: Array<{ line: string; metadata: Record<string, string> }> = [];
  for (const { level, ids, line } of parsed) {
    const last = entries.at(-1);
    if (level) entries.push({ line, metadata: metadataOf(level, ids) });
    else if (last) last.line += `\n${line}`;
  }
  const trimmed = entries.map(({ line, metadata }) => ({
    line: line.replace(/(\n[ \t\r]*)+$/, ''),
    metadata,
  }));
  return { name: `${group}: ${title}`, lines: parsed.map(({ line }) => line), entries: trimmed };
}

function metadataOf(level: string, ids: string): Record<string, string> {
  const found = [...ids].map((letter) => IDS[letter as keyof typeof IDS]);
  const levels = level === '-' ? { detected_level: 'unknown' } : { level, detected_level: level };
  return Object.assign({}, levels, ...found);
}
