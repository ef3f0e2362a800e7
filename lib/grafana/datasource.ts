/** A link from a field of one datasource's answer to a query of another. */
export interface Correlation {
  /** Text of the link. Grafana does not start when a provisioned correlation lacks it. */
  readonly label: string;
  /** As `label`: not to be left out. */
  readonly description: string;
  readonly targetUID: string;
  /** Not at the root: Grafana 11.3 to 12.1 reads a `type` there as text, and panics at its next start (grafana#109922). */
  readonly type?: never;
  readonly config: {
    /** Not to be left out: without it, Grafana refuses the correlation of every version that has types. */
    readonly type: 'query';
    /** Field of the answer that shows the link. */
    readonly field: string;
    /** Query of the target, with variables that the transformations find. */
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
  /** Dashboards and other datasources refer to this, so that it never changes. */
  readonly uid: string;
  readonly url: string;
  readonly access: 'proxy';
  /** The existing Prometheus is the default; Grafana does not start with two. */
  readonly isDefault: false;
  /** What the UI could change would be lost at the next start of Grafana. */
  readonly editable: false;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly correlations?: readonly Correlation[];
}

/** What every datasource of this product is. */
export const PROVISIONED = { access: 'proxy', isDefault: false, editable: false } as const;

/**
 * The content of a provisioning file, with each `$` written as `$$`: Grafana
 * replaces `$NAME` and `${NAME}` in the file by environment variables.
 *
 * @param existing Uids of datasources that Grafana has besides.
 * @throws Error when a datasource refers to one that there is not, or has a correlation with one of another file:
 *   Grafana does not start while that is missing, be it for the seconds until the sidecar has written its file.
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

/** Uids of datasources that a piece of a datasource, or of a dashboard, refers to. */
export function referredUids(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referredUids);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    /^(datasourceUid|targetUID)$/.test(key) && typeof item === 'string' ? [item] : referredUids(item),
  );
}

/** The value with `$` written as `$$` in every text. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)]));
}
