/**
 * A limit of a daemon beyond which it rejects, truncates, drops or delays something. Each limit has a `setting`, has
 * `alerts`, or keeps its value for a stated `reason`. `docs/limits.md` is generated from these lists.
 */
export interface Limit {
  /** Dotted path of the key in the daemon's configuration. A `*` matches any name in its position. */
  readonly key: string;
  /** What happens beyond the limit. */
  readonly beyond: string;
  /** Upstream's default, if the configuration does not set the key. */
  readonly upstreamDefault?: string;
  /** Key in a values file that sets the limit, or from which the limit is derived. */
  readonly setting?: string;
  /** Alerts that fire when the limit is near or exceeded. */
  readonly alerts?: readonly string[];
  /** Why the value is appropriate. */
  readonly reason?: string;
}
