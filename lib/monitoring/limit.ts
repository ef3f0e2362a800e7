/**
 * A limit of a daemon beyond which it rejects, truncates, drops or delays something. Each is set on purpose (`setting`),
 * watched (`alerts`) or left at a value for a stated `reason`; `docs/limits.md` is written from these lists.
 */
export interface Limit {
  /** Path of the key in the daemon's configuration, with dots. A `*` stands for any name at its place. */
  readonly key: string;
  /** What happens beyond the limit. */
  readonly beyond: string;
  /** Upstream's default, where the configuration does not set the key. */
  readonly upstreamDefault?: string;
  /** Key in a values file that sets the limit, or that it is derived from. */
  readonly setting?: string;
  /** Alerts that fire when the limit is near or exceeded. */
  readonly alerts?: readonly string[];
  /** Why the value is right as it is. */
  readonly reason?: string;
}
