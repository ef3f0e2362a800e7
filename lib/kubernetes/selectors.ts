import { listAt, mapAt, textAt } from './json';

/** A label selector. An empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** One expression of a selector. Node affinity adds the operators `Gt` and `Lt`. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

type Labels = Readonly<Record<string, unknown>>;

/** A selector from a manifest, which may be incomplete or misspelled. */
export function labelSelectorAt(value: unknown, ...keys: readonly string[]): LabelSelector {
  return {
    matchLabels: mapAt(value, ...keys, 'matchLabels') as Record<string, string>,
    matchExpressions: listAt(value, ...keys, 'matchExpressions').map((one) => ({
      key: textAt(one, 'key') ?? '',
      operator: textAt(one, 'operator') ?? '',
      values: listAt(one, 'values').map(String),
    })),
  };
}

/**
 * Whether a selector selects an object with these labels.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels = {}): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (matchExpressions ?? []).every((requirement) => meets(requirement, labels[requirement.key]))
  );
}

function meets({ operator, values = [] }: LabelRequirement, value: unknown): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value as string);
    case 'NotIn':
      return value === undefined || !values.includes(value as string);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      // The API server rejects any other operator, so the selector selects nothing.
      return false;
  }
}

/** The requirements of a selector in kubectl syntax: `release=prometheus`, `tier in (a, b)`. */
export function requirementsInWords({ matchLabels, matchExpressions }: LabelSelector): string[] {
  return [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(matchExpressions ?? []).map(({ key, operator, values = [] }) => {
      const list = `(${values.join(', ')})`;
      const words: Readonly<Record<string, string>> = {
        In: `${key} in ${list}`,
        NotIn: `${key} not in ${list}`,
        Exists: `${key}`,
        DoesNotExist: `no ${key}`,
      };
      return words[operator] ?? `${key} ${operator} ${list}`;
    }),
  ];
}
