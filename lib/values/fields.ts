import * as z from 'zod';
import { Duration } from '../kubernetes/duration';
import { Quantity } from '../kubernetes/quantity';
import { memoized } from './memoized';
import { meantFlag, meantName, meantNumber, meantWord } from './suggest';

z.config({
  // Otherwise zod compiles code for each schema when it is first used, which takes longer than parsing 10 values files.
  jitless: true,
  // Looks for cycles in data. Values files cannot have any, because anchors are rejected.
  memoizer: { alloc: (_schema, _payload, empty) => empty, guard: () => undefined, attach: () => undefined },
});

// Every field states its expected value once, as the end of the sentence "<setting> must be …". The reader prints that
// sentence with the position and the value for each mistake.

/** A duration in a values file: `7d`, `168h`, `1h30m`. */
const DURATION_PATTERN = /^(?=\d)(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/;

/** A number of bytes in a values file: `512Mi`, `30Gi`, `1G`. */
const BYTES_PATTERN = /^\d+(?:\.\d+)?(?:Ki|Mi|Gi|Ti|k|M|G|T)?$/;

/** An amount of CPU in a values file: `250m`, `1`, `0.5`. */
const CPU_PATTERN = /^(?:\d+m|\d+(?:\.\d{1,3})?)$/;

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';

// Fields with equal arguments are built once, so `register` must not be called on them. Every other method returns a copy.

const UNDEFINED_FOR_NULL = z.transform((value: unknown) => value ?? undefined);

/** An optional setting: `null` in a values file, and `undefined` in settings. */
export function optional<T extends z.ZodType>(field: T, byDefault: z.input<T> | null = null) {
  const nullable = field.nullable().prefault(byDefault as z.input<z.ZodNullable<T>>);
  return nullable.pipe(UNDEFINED_FOR_NULL as z.ZodTransform<z.output<T> | undefined, z.output<T> | null>);
}

/**
 * A string that matches a pattern.
 *
 * @param suggest Returns a suggestion for a rejected value.
 */
export function text(
  expected: string,
  pattern: RegExp,
  maxLength = 253,
  suggest: (input: unknown) => string | undefined = () => undefined,
) {
  const error = ({ input }: { input?: unknown }) => refusal(expected, suggest(input));
  // Editors show `patternErrorMessage`, and the table of settings is generated from it.
  // With its checks in the definition, because every method makes a copy.
  const checks = [z.regex(pattern, { error }), z.maxLength(maxLength, { error })];
  return new z.ZodString({ type: 'string', error, checks }).register(z.globalRegistry, {
    patternErrorMessage: `must be ${expected}`,
  });
}

/** How to parse a string into a value. */
interface Reading<T> {
  readonly expected: string;
  readonly pattern: RegExp;
  /** The value, or undefined if the string is invalid. */
  readonly parse: (text: string) => T | undefined;
  /** Corrections of a common mistake, in the accepted form. */
  readonly repair: (text: string) => readonly string[];
}

const refusal = (expected: string, suggestion: string | undefined) =>
  withMeant(`must be ${expected}`, suggestion);

/** An error with a suggestion in the form that the file accepts: strings in quotes. */
function withMeant(error: string, meant: string | number | boolean | undefined): string {
  return meant === undefined ? error : `${error}; did you mean ${JSON.stringify(meant)}?`;
}

function suggestion<T>({ pattern, parse, repair }: Reading<T>, input: unknown): string | undefined {
  if (typeof input !== 'string' && typeof input !== 'number') return undefined;
  return repair(String(input).trim()).find((text) => pattern.test(text) && parse(text) !== undefined);
}

/** A string that is parsed into a value, or rejected. */
export function parsed<T>(reading: Reading<T>) {
  const { expected, pattern, parse } = reading;
  const suggest = (input: unknown) => suggestion(reading, input);
  return text(expected, pattern, undefined, suggest).transform((input, context) => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: refusal(expected, suggest(input)), input });
    return z.NEVER;
  });
}

/** Like {@link parsed}, but also accepts a plain number, as Kubernetes does: `cpu: 2` is `cpu: "2"`. */
function parsedOrNumber<T>(reading: Reading<T>) {
  const { expected } = reading;
  const error = ({ input }: { input?: unknown }) => refusal(expected, suggestion(reading, input));
  const texts = parsed(reading);
  return z.union([texts, z.number().transform(String).pipe(texts)], { error });
}

/** Go stores a duration in nanoseconds as 63 bits, which allows up to 292 years. */
const LONGEST = '3650d';

/** A duration. Its limits use the format of values files. */
export const duration = memoized(
  (limits: { atLeast: string; atMost?: string; wholeNumberOf?: string; examples: [string, string] }) => {
    const { atLeast, atMost = LONGEST, wholeNumberOf, examples } = limits;
    const [least, most, step] = [atLeast, atMost, wholeNumberOf ?? '1s'].map(
      (limit) => Duration.parse(limit)?.seconds ?? 0,
    );
    const steps = wholeNumberOf === undefined ? '' : ` in whole steps of ${wholeNumberOf}`;
    const upTo = limits.atMost === undefined ? '' : ` and at most ${atMost}`;
    const expected = `a duration of at least ${atLeast}${upTo}${steps} such as "${examples[0]}" or "${examples[1]}"`;
    const unit = examples[1].at(-1) ?? 'h';
    return parsed({
      expected,
      pattern: DURATION_PATTERN,
      parse: (input) => {
        const value = Duration.parse(input);
        const within = value && value.seconds >= (least ?? 0) && value.seconds <= (most ?? 0);
        return within && value.seconds % (step ?? 1) === 0 ? value : undefined;
      },
      repair: (input) => {
        const [, number, word = ''] = /^(\d+)\s*([a-z]*)$/i.exec(input) ?? [];
        const units = word === '' ? [unit, 'd', 'h', 'm', 's'] : [word.charAt(0).toLowerCase()];
        return units.map((one) => `${number}${one}`);
      },
    });
  },
);

/** A whole number of bytes, for memory or a volume. */
export const bytes = memoized((limits: { atLeast: string; atMost?: string; example: string }) => {
  const { atLeast, atMost = '1024Ti', example } = limits;
  const bounds = limits.atMost ? `between ${atLeast} and ${atMost}` : `of at least ${atLeast}`;
  const [least, most] = [atLeast, atMost].map((limit) => Quantity.parse(limit)?.value ?? 0);
  return parsedOrNumber({
    expected: `a size ${bounds} such as "${example}"`,
    pattern: BYTES_PATTERN,
    parse: (input) => {
      const value = Quantity.parse(input);
      const within = value && value.value >= (least ?? 0) && value.value <= (most ?? 0);
      return within && Number.isInteger(value.value) ? value : undefined;
    },
    repair: (input) => {
      const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(input) ?? [];
      const units = unit === '' ? ['Gi', 'Mi'] : [`${unit.toUpperCase()}i`];
      return units.map((one) => `${number}${one}`);
    },
  });
});

/** An amount of CPU. */
export const cpu = memoized(() =>
  parsedOrNumber({
    expected: 'an amount of CPU such as "250m" or "1.5"',
    pattern: CPU_PATTERN,
    parse: (input) => {
      const value = Quantity.parse(input);
      return value && value.value > 0 ? value : undefined;
    },
    repair: (input) => [input.replace(/\s*(?:cpus?|cores?|v?cpus?)$/i, '').replace(',', '.')],
  }),
);

/** A whole number. */
export const count = memoized((limits: { atLeast: number; atMost: number }) => {
  const { atLeast, atMost } = limits;
  const accepts = (value: number) => Number.isInteger(value) && value >= atLeast && value <= atMost;
  const error = ({ input }: { input?: unknown }) =>
    withMeant(`must be a whole number from ${atLeast} to ${atMost}`, meantNumber(input, accepts));
  return z.int({ error }).check(z.gte(atLeast, { error }), z.lte(atMost, { error }));
});

/** A percentage, including fractions. */
export const percentage = memoized(() => {
  const accepts = (value: number) => value > 0 && value <= 100;
  const error = ({ input }: { input?: unknown }) =>
    withMeant('must be a percentage above 0 and at most 100', meantNumber(input, accepts));
  return z.number({ error }).check(z.gt(0, { error }), z.lte(100, { error }));
});

/** A boolean. */
export const flag = memoized(() =>
  z.boolean({ error: ({ input }) => withMeant('must be true or false', meantFlag(input)) }),
);

/**
 * One of a fixed list of words.
 *
 * @param whyNot Returns the reason why a word that users try is not in the list.
 */
export function choice<const T extends readonly [string, ...string[]]>(
  words: T,
  whyNot: (word: string) => string | undefined = () => undefined,
) {
  return z.enum(words, {
    error: ({ input }) => {
      const why = whyNot(String(input));
      const expected = `must be one of ${words.join(', ')}`;
      return why === undefined ? withMeant(expected, meantWord(input, words)) : `${expected}; ${why}`;
    },
  });
}

/** A lower-case string; the error suggests the lower-case form. */
function named(expected: string, pattern: RegExp, maxLength?: number) {
  return text(expected, pattern, maxLength, (input) => meantName(input, pattern));
}

/** The name of a Kubernetes object that allows dots, such as a Secret or a StorageClass. */
export const objectName = memoized((kind: string) =>
  named(
    `the name of ${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind} (lower case letters, digits, "-" and ".")`,
    new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`),
  ),
);

/** The name of a Kubernetes namespace. */
export const namespaceName = memoized(() =>
  named('the name of a namespace (lower case letters, digits and "-")', new RegExp(`^${DNS_LABEL}$`), 63),
);

/** A fully qualified host name, for which a certificate can be issued. An IP address is not valid. */
export const hostName = memoized((example: string, maxLength?: number) => {
  const pattern = new RegExp(`^(?:${DNS_LABEL}\\.)+(?!\\d+$)${DNS_LABEL}$`);
  return named(`a host name in lower case such as "${example}"`, pattern, maxLength);
});

/** A DNS domain of one or more labels. */
export const domainName = memoized((example: string) =>
  named(`a domain in lower case such as "${example}"`, new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`)),
);

/** The key of a label or annotation: a name of at most 63 characters, after an optional domain. */
export const labelKey = memoized((example: string) => {
  const pattern = new RegExp(
    `^(?:${DNS_LABEL}(?:\\.${DNS_LABEL})*/)?[A-Za-z0-9](?:[-\\w.]{0,61}[A-Za-z0-9])?$`,
  );
  return text(`a key such as "${example}"`, pattern);
});

/** The value of a label. */
export const labelValue = memoized((example: string) =>
  text(`a label value such as "${example}"`, /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 63),
);

/** An https address. */
export const httpsUrl = memoized((example: string) =>
  text(`an https URL such as "${example}"`, /^https:\/\/[^\s/?#]+(?:\/[^\s]*)?$/, 2048),
);

/** An address inside the cluster. */
export const httpUrl = memoized((example: string) =>
  text(`a URL such as "${example}"`, /^https?:\/\/[^\s/?#]+(?:\/[^\s]*)?$/, 2048),
);
