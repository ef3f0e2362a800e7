import { isIP } from 'node:net';
import { z } from 'zod';
import { DURATION_PATTERN, Duration } from './duration';
import { BYTES_PATTERN, CPU_PATTERN, Quantity } from './quantity';

// Every field states what it expects once, as the end of the sentence "<setting> must be …". The reader
// prints that sentence, with the place and the value, for each mistake.

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';

/** A text of one pattern. */
export function text(expected: string, pattern: RegExp, maxLength = 253) {
  const error = `must be ${expected}`;
  // Editors show `patternErrorMessage`, and the table of settings is written from it.
  return z
    .string({ error })
    .regex(pattern, { error })
    .max(maxLength, { error })
    .meta({ patternErrorMessage: error });
}

/** A text that is read into a value of a type, or refused. */
function parsed<T>(expected: string, pattern: RegExp, parse: (text: string) => T | undefined) {
  return text(expected, pattern).transform((input, context) => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${expected}`, input });
    return z.NEVER;
  });
}

/** A length of time; `atLeast` and `wholeNumberOf` are durations as in a values file. */
export function duration(limits: {
  atLeast?: string;
  atMost?: string;
  wholeNumberOf?: string;
  examples: [string, string];
}) {
  const [least, most, step] = [limits.atLeast, limits.atMost, limits.wholeNumberOf].map((limit) =>
    limit === undefined ? undefined : Duration.parse(limit)?.seconds,
  );
  const expected = [
    'a duration',
    limits.atLeast && `of at least ${limits.atLeast}`,
    limits.atMost && `${limits.atLeast ? 'and ' : 'of '}at most ${limits.atMost}`,
    limits.wholeNumberOf && `in whole steps of ${limits.wholeNumberOf}`,
    `such as "${limits.examples[0]}" or "${limits.examples[1]}"`,
  ];
  return parsed(expected.filter(Boolean).join(' '), DURATION_PATTERN, (input) => {
    const value = Duration.parse(input);
    if (!value || value.seconds < (least ?? 0) || value.seconds > (most ?? Infinity)) return undefined;
    return value.seconds % (step ?? 1) === 0 ? value : undefined;
  });
}

/** A number of bytes, of memory or of a volume. */
export function bytes(limits: { atLeast: string; atMost?: string; example: string }) {
  const bounds = limits.atMost
    ? `between ${limits.atLeast} and ${limits.atMost}`
    : `of at least ${limits.atLeast}`;
  const least = Quantity.parse(limits.atLeast)?.value ?? 0;
  const most = Quantity.parse(limits.atMost ?? '')?.value ?? Infinity;
  return parsed(`a size ${bounds} such as "${limits.example}"`, BYTES_PATTERN, (input) => {
    const value = Quantity.parse(input);
    return value && value.value >= least && value.value <= most ? value : undefined;
  });
}

/** A share of processor time. */
export function cpu() {
  return parsed('an amount of CPU such as "250m" or "1.5"', CPU_PATTERN, (input) => Quantity.parse(input));
}

/** A whole number. */
export function count(limits: { atLeast: number; atMost: number }) {
  const error = `must be a whole number from ${limits.atLeast} to ${limits.atMost}`;
  return z.int({ error }).min(limits.atLeast, { error }).max(limits.atMost, { error });
}

/** A yes or no. */
export function flag() {
  return z.boolean({ error: 'must be true or false' });
}

/** One of a closed list of words. */
export function choice<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** The name of a Kubernetes object that allows dots, such as a Secret or a StorageClass. */
export function objectName(kind: string) {
  return text(
    `the name of ${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind} (lower case letters, digits, "-" and ".")`,
    new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`),
  );
}

/** The name of a Kubernetes namespace. */
export function namespaceName() {
  return text(
    'the name of a namespace (lower case letters, digits and "-")',
    new RegExp(`^${DNS_LABEL}$`),
    63,
  );
}

/** A fully qualified host name, which a certificate can be issued for. */
export function hostName(example: string) {
  return text(
    `a host name in lower case such as "${example}"`,
    new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})+$`),
  );
}

/** An http or https address. */
export function httpsUrl(example: string) {
  return text(`an https URL such as "${example}"`, /^https:\/\/[^\s/?#]+(?:\/[^\s]*)?$/, 2048);
}

/** A block of IPv4 or IPv6 addresses. */
export function cidr() {
  return parsed(
    'a CIDR block such as "10.0.0.0/8" or "2001:db8::/32"',
    /^[0-9a-fA-F.:]+\/\d{1,3}$/,
    (input) => {
      const [address = '', length] = input.split('/');
      const family = isIP(address);
      return family !== 0 && Number(length) <= (family === 4 ? 32 : 128) ? input : undefined;
    },
  );
}
