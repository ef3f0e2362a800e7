/** Words in the name of a key that limits something. */
const LIMIT =
  /(^|_)(max|limit|burst|threshold|capacity|timeout|cutoff|slack)(_|$)|_(size|rate|age|period|length|mib|items)$|^reject_/;

/** Paths of all limits in a configuration, findings by their names; entries of lists have the name `*`. */
export function limitPaths(config: unknown): string[] {
  const found = paths(config).filter((path) => LIMIT.test(path.split('.').at(-1) ?? ''));
  return [...new Set(found)];
}

function paths(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [''];
  return Object.entries(value).flatMap(([key, child]) =>
    paths(child).map((rest) => [Array.isArray(value) ? '*' : key, ...(rest ? [rest] : [])].join('.')),
  );
}
