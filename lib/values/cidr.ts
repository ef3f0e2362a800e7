import { isIP } from 'node:net';
import { parsed } from './fields';

const CIDR_PATTERN = /^[0-9a-fA-F.:]+\/(?:0|[1-9]\d{0,2})$/;

/** A block of IPv4 or IPv6 addresses, written with its first address. */
export function cidr() {
  return parsed({
    expected: 'a CIDR block that starts with its first address, such as "10.0.0.0/8" or "2001:db8::/32"',
    pattern: CIDR_PATTERN,
    parse: (input) => {
      const [address = '', length = ''] = input.split('/');
      const family = isIP(address);
      if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) return undefined;
      return family === 6 || firstAddress(address, Number(length)) === address ? input : undefined;
    },
    repair: (input) => {
      const [address = '', length] = input.split('/');
      const family = isIP(address);
      if (family === 0) return [];
      if (length === undefined) return [`${address}/${family === 4 ? 32 : 128}`];
      return family === 4 ? [`${firstAddress(address, Number(length))}/${length}`] : [];
    },
  });
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
