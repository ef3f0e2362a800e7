import { fieldsOf, ONEWAY, STOP, type ThriftProtocol, type ThriftStruct, type ThriftValue } from './thrift';

const TYPE = { bool: 2, i32: 8, i64: 10, string: 11, struct: 12, list: 15 };

/** The first byte of a message in the strict encoding, and its version. */
const VERSION_1 = [0x80, 0x01];

function int(bytes: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

function i64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int(4, bytes.length), bytes]);
}

function struct(value: ThriftStruct): Buffer {
  const fields = fieldsOf(value).flatMap(({ id, field }) => [
    Buffer.of(TYPE[field.type]),
    int(2, id),
    encode(field),
  ]);
  return Buffer.concat([...fields, STOP]);
}

function encode({ type, value }: ThriftValue): Buffer {
  switch (type) {
    case 'bool':
      return Buffer.of(value ? 1 : 0);
    case 'i32':
      return int(4, value);
    case 'i64':
      return i64(value);
    case 'string':
      return string(value);
    case 'struct':
      return struct(value);
    case 'list':
      return Buffer.concat([Buffer.of(TYPE.struct), int(4, value.length), ...value.map(struct)]);
  }
}

/** TBinaryProtocol: every value at its full width. */
export const thriftBinary: ThriftProtocol = {
  struct,
  oneway: (method, args) =>
    Buffer.concat([Buffer.of(...VERSION_1, 0, ONEWAY), string(method), int(4, 0), struct(args)]),
};
