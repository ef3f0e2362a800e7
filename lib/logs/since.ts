/** A time in a values file, in UTC and whole seconds, in the format of container runtimes: `2026-11-24T16:00:00Z`. */
export const SINCE_PATTERN = /^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/;

/** Matches the start of a runtime line that is older than a given time: equal digits up to the first smaller one. */
export function earlierThan(since: string): string {
  const digits = since.slice(0, -1);
  const earlier = [...digits].flatMap((digit, index) => {
    if (!/[1-9]/.test(digit)) return [];
    const smaller = digit === '1' ? '0' : `[0-${Number(digit) - 1}]`;
    return [`${digits.slice(0, index)}${smaller}`];
  });
  return `^(?:${earlier.join('|')})`;
}

/** Settings that state from when on lines are sent. */
interface Since {
  readonly since: string | undefined;
  readonly resendSince: string | undefined;
}

/** The time from which on lines are sent; undefined sends all. */
export const firstTime = ({ since, resendSince }: Since) => resendSince ?? since;

/** Name of the stored positions: others for each time to send lines again from, so that files are read once more. */
export function positionsName({ resendSince }: Since): string {
  return resendSince === undefined ? 'positions' : `positions-${resendSince.replaceAll(/[-:]/g, '')}`;
}
