/**
 * A datasource as Grafana provisions it.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */
export interface Datasource {
  readonly name: string;
  readonly type: 'loki' | 'tempo';
  /** Dashboards and other datasources refer to this, so that it never changes. */
  readonly uid: string;
  readonly url: string;
  readonly access: 'proxy';
  /** The existing Prometheus is the default; Grafana does not start with two. */
  readonly isDefault: false;
  /** What the UI could change would be lost at the next start of Grafana. */
  readonly editable: false;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

/**
 * The content of a provisioning file, with each `$` written as `$$`: Grafana
 * replaces `$NAME` and `${NAME}` in the file by environment variables.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
 */
export function provisioningFile(datasources: readonly Datasource[]): object {
  return { apiVersion: 1, datasources: datasources.map(escapeDollars) };
}

/** The value with `$` written as `$$` in every text. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)]));
}
