/** A link from a field of one datasource's response to a query of another. */
export interface Correlation {
  /** Text of the link. Grafana does not start if a provisioned correlation has none. */
  readonly label: string;
  /** Required, like `label`. */
  readonly description: string;
  readonly targetUID: string;
  /**
   * Not at the root: Grafana 11.3 to 12.1 reads a `type` there as a string and panics at its next start
   * (grafana#109922).
   */
  readonly type?: never;
  readonly config: {
    /** Required: without it, every Grafana version that has types rejects the correlation. */
    readonly type: 'query';
    /** Field of the response that shows the link. */
    readonly field: string;
    /** Query of the target, with variables from the transformations. */
    readonly target: object;
    readonly transformations: ReadonlyArray<{
      readonly type: 'regex';
      readonly field: string;
      readonly expression: string;
      readonly mapValue: string;
    }>;
  };
}

/**
 * A datasource as Grafana provisions it.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */
export interface Datasource {
  readonly name: string;
  readonly type: string;
  /** Dashboards and other datasources refer to this uid, so it never changes. */
  readonly uid: string;
  readonly url: string;
  readonly access: 'proxy';
  /** The existing Prometheus is the default. Grafana does not start with two defaults. */
  readonly isDefault: false;
  /** Changes in the UI would be lost at Grafana's next start. */
  readonly editable: false;
  readonly jsonData: Readonly<Record<string, unknown>>;
  /** Values of headers, which Grafana stores encrypted. */
  readonly secureJsonData?: Readonly<Record<string, string>>;
  readonly correlations?: readonly Correlation[];
}

/** Fields of every datasource of this product. */
export const PROVISIONED = { access: 'proxy', isDefault: false, editable: false } as const;

/**
 * The content of a provisioning file, with each `$` written as `$$`: Grafana replaces `$NAME` and `${NAME}` in the
 * file with environment variables.
 *
 * @param existing Uids of the other datasources in Grafana.
 * @throws Error if a datasource refers to an unknown one, or has a correlation with one of another file. Grafana does
 * not start while that one is missing, even if the sidecar writes its file seconds later.
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
 */
export function provisioningFile(datasources: readonly Datasource[], existing: readonly string[]): object {
  const own = datasources.map(({ uid }) => uid);
  for (const { name, correlations = [], ...content } of datasources) {
    refuse(name, correlations, own);
    refuse(name, content, [...existing, ...own]);
  }
  return { apiVersion: 1, datasources: datasources.map(escapeDollars) };
}

function refuse(name: string, content: unknown, known: readonly string[]): void {
  const unknown = referredUids(content).find((uid) => !known.includes(uid));
  if (unknown !== undefined)
    throw new Error(`datasource "${name}" refers to "${unknown}"; there are ${known.join(', ')}`);
}

/** Uids of datasources that a part of a datasource or dashboard refers to. */
export function referredUids(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referredUids);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    /^(datasourceUid|targetUID)$/.test(key) && typeof item === 'string' ? [item] : referredUids(item),
  );
}

/** The value with `$` written as `$$` in every string. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)]));
}
