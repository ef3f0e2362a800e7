// Statements in the OpenTelemetry Transformation Language (OTTL), as text.

/** A string literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A list of string literals. */
export function quotedList(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** The cache of statements for one entry. */
export function cache(...path: readonly string[]): string {
  return `log.cache${path.map((key) => `[${quoted(key)}]`).join('')}`;
}

/** Condition: a value exists and is not an empty string. */
export function isSet(value: string): string {
  return `not IsEmpty(${value})`;
}

/** A statement with a condition. */
export function where(condition: string, statement: string): string {
  return `${statement} where ${condition}`;
}

/**
 * A configuration with every dollar sign doubled, because the collector expands `${…}` and expressions end with `$`.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/#environment-variables
 */
export function withEscapedDollars<T>(config: T, known = new Map<unknown, unknown>()): T {
  if (typeof config === 'string') return config.replaceAll('$', '$$$$') as T;
  if (typeof config !== 'object' || config === null) return config;
  // A part that several receivers share remains one object.
  if (!known.has(config)) {
    const parts = Object.entries(config).map(
      ([key, value]) => [key, withEscapedDollars(value, known)] as const,
    );
    known.set(config, Array.isArray(config) ? parts.map(([, value]) => value) : Object.fromEntries(parts));
  }
  return known.get(config) as T;
}
