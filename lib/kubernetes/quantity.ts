const SUFFIX_FACTOR: Record<string, number> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A number of bytes as Kubernetes writes it: `512Mi`, `30Gi`, `1G`. */
export const BYTES_PATTERN = /^\d+(?:\.\d+)?(?:Ki|Mi|Gi|Ti|k|M|G|T)?$/;

/** A share of processor time as Kubernetes writes it: `250m`, `1`, `0.5`. */
export const CPU_PATTERN = /^(?:\d+m|\d+(?:\.\d{1,3})?)$/;

/**
 * A Kubernetes quantity: the text a person wrote, and the number it stands for (bytes, or cores).
 *
 * The text goes into manifests as it is, so that a diff shows what the person changed.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export class Quantity {
  private constructor(
    private readonly text: string,
    public readonly value: number,
  ) {}

  /** Reads a quantity; undefined for anything else, zero included. */
  public static parse(text: string): Quantity | undefined {
    const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text);
    const factor = SUFFIX_FACTOR[match?.[2] ?? '?'];
    if (!match || factor === undefined) return undefined;
    const value = Number(match[1]) * factor;
    return value > 0 ? new Quantity(text, value) : undefined;
  }

  /** The number in whole mebibytes, rounded down: for daemons that take nothing finer. */
  public get mebibytes(): number {
    return Math.floor(this.value / 2 ** 20);
  }

  public toString(): string {
    return this.text;
  }
}
