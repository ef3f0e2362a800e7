const SUFFIX_FACTOR: Readonly<Record<string, number>> = {
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
 * A Kubernetes quantity: the string as written and its numeric value (bytes or cores).
 *
 * The string is written to manifests unchanged, so that a diff shows exactly what the user changed.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export class Quantity {
  private constructor(
    private readonly text: string,
    public readonly value: number,
  ) {}

  /**
   * Parses every form that the API server accepts, including zero and negative values. Returns undefined for anything
   * else.
   */
  public static parse(text: string): Quantity | undefined {
    const [, digits, exponent = '', suffix = ''] =
      /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/.exec(text) ?? [];
    const factor = SUFFIX_FACTOR[suffix];
    return digits === undefined || factor === undefined
      ? undefined
      : new Quantity(text, Number(`${digits}${exponent}`) * factor);
  }

  /** Bytes as a quantity, rounded up to whole mebibytes. */
  public static ofBytes(bytes: number): Quantity {
    const mebibytes = Math.ceil(bytes / 2 ** 20);
    return new Quantity(`${mebibytes}Mi`, mebibytes * 2 ** 20);
  }

  /** Whole mebibytes, rounded down, for daemons that accept no finer unit. */
  public get mebibytes(): number {
    return Math.floor(this.value / 2 ** 20);
  }

  public toString(): string {
    return this.text;
  }
}

/** The value of a quantity in a manifest: 0 if it is missing, NaN if it is invalid. */
export function quantityValue(written: unknown): number {
  if (written === undefined || written === null) return 0;
  return Quantity.parse(String(written))?.value ?? Number.NaN;
}
