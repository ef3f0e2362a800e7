import { isIPv4 } from 'node:net';
import { parsed } from './fields';
import { memoized } from './memoized';

const CIDR_PATTERN = /^[0-9a-fA-F.:]+\/(?:0|[1-9]\d{0,2})$/;

/** A block of IPv4 or IPv6 addresses, written with its first address. */
export const cidr = memoized(() =>
  parsed({
    expected: 'a CIDR block that starts with its first address, such as "10.0.0.0/8" or "2001:db8::/32"',
    pattern: CIDR_PATTERN,
    parse: (input) => {
      const [address = '', length = ''] = input.split('/');
      const family = familyOf(address);
      if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) return undefined;
      return family === 6 || firstAddress(address, Number(length)) === address ? input : undefined;
    },
    repair: (input) => {
      const [address = '', length] = input.split('/');
      const family = familyOf(address);
      if (family === 0) return [];
      if (length === undefined) return [`${address}/${family === 4 ? 32 : 128}`];
      return family === 4 ? [`${firstAddress(address, Number(length))}/${length}`] : [];
    },
  }),
);

/** 4 or 6, or 0 for no address. `isIPv6` of Node compiles a pattern for 4 ms, so the parser of URLs checks these. */
function familyOf(address: string): 0 | 4 | 6 {
  if (isIPv4(address)) return 4;
  return address.includes(':') && URL.canParse(`http://[${address}]`) ? 6 : 0;
}

/** Whether a block is a large part of the internet, or the whole internet. */
export function isWide(block: string): boolean {
  return Number(block.split('/')[1]) < (block.includes(':') ? 16 : 8);
}

/** The first IPv4 address of the block with the given prefix length. */
function firstAddress(address: string, prefixLength: number): string {
  return address
    .split('.')
    .map(
      (part, index) =>
        Number(part) & (0xff << (8 - Math.min(8, Math.max(0, prefixLength - 8 * index)))) & 0xff,
    )
    .join('.');
}
