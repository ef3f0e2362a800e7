import { varint } from './varint';

const WIRE_TYPE = { varint: 0, fixed64: 1, lengthDelimited: 2 };

const tag = (field: number, wireType: number) => varint((field << 3) | wireType);

/** An enum, a bool or a non-negative integer. */
export function uint(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, WIRE_TYPE.varint), varint(value)]);
}

export function fixed64(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, WIRE_TYPE.fixed64), bytes]);
}

export function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, WIRE_TYPE.lengthDelimited), varint(value.length), value]);
}

export const string = (field: number, value: string) => bytes(field, Buffer.from(value));

/** A message nested in another one. The outermost message is the concatenation of its fields. */
export const message = (field: number, fields: readonly Buffer[]) => bytes(field, Buffer.concat(fields));
