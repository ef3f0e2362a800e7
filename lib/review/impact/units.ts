const QUANTITY_FACTOR: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a quantity of Kubernetes stands for; undefined for what is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string | undefined): number | undefined {
  const [, digits = '', exponent = '', suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/.exec(text ?? '') ?? [];
  const factor = QUANTITY_FACTOR[suffix];
  return digits === '' || factor === undefined ? undefined : Number(`${digits}${exponent}`) * factor;
}

/** A number of bytes for people: `30Gi`, `1.5Gi`. */
export function bytes(value: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let [size, unit] = [Math.abs(value), 0];
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${value < 0 ? '-' : ''}${Number(size.toFixed(size < 10 ? 2 : 1))}${units[unit]}`;
}

/** Processor time for people: `250m`, `1.5`. */
export function cores(value: number): string {
  return Math.abs(value) < 1 ? `${Math.round(value * 1000)}m` : String(Number(value.toFixed(2)));
}

const SECONDS: Readonly<Record<string, number>> = {
  y: 31_536_000,
  w: 604_800,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** Seconds of a duration as Go and Prometheus write it: `168h`, `7d`, `1h30m`; undefined for what is none. */
export function duration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:y|w|d|h|ms|us|µs|ns|m|s))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(y|w|d|h|ms|us|µs|ns|m|s)/g))
    seconds += Number(count) * (SECONDS[unit] ?? 0);
  return seconds;
}

/** A duration for people, in the largest unit that leaves no long fraction: `7 days`, `36 hours`. */
export function span(seconds: number): string {
  const [unit, size] =
    seconds >= 2 * 86_400 || seconds === 86_400
      ? ['day', 86_400]
      : seconds >= 2 * 3_600 || seconds === 3_600
        ? ['hour', 3_600]
        : seconds >= 120
          ? ['minute', 60]
          : ['second', 1];
  const count = Number((seconds / (size as number)).toFixed(1));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
