/** An unsigned LEB128 integer: 7 bits per byte, lowest first; protobuf and Thrift compact share it. */
export function varint(value: number | bigint): Buffer {
  if (value < 0x80) return Buffer.of(Number(value));
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
