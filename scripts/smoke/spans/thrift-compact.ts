import { fieldsOf, ONEWAY, STOP, type ThriftProtocol, type ThriftStruct, type ThriftValue } from './thrift';
import { varint } from './varint';

const TYPE = { true: 1, false: 2, i32: 5, i64: 6, string: 8, list: 9, struct: 12 };

const PROTOCOL_ID = 0x82;
const VERSION_1 = 1;

/** The longest list length and the largest gap between field ids that fit into the type byte. */
const SHORT_LIST = 14;
const SHORT_DELTA = 15;

/** Zigzag encoding: small negative numbers stay short. */
const zigzag = (value: bigint) => varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function list(items: readonly ThriftStruct[]): Buffer {
  const header =
    items.length <= SHORT_LIST
      ? Buffer.of((items.length << 4) | TYPE.struct)
      : Buffer.concat([Buffer.of(0xf0 | TYPE.struct), varint(items.length)]);
  return Buffer.concat([header, ...items.map(struct)]);
}

/** A bool has no bytes of its own. The type of its field contains the value. */
const fieldType = ({ type, value }: ThriftValue) => TYPE[type === 'bool' ? (value ? 'true' : 'false') : type];

function fieldHeader(type: number, id: number, previousId: number): Buffer {
  const delta = id - previousId;
  return delta <= SHORT_DELTA
    ? Buffer.of((delta << 4) | type)
    : Buffer.concat([Buffer.of(type), zigzag(BigInt(id))]);
}

function struct(value: ThriftStruct): Buffer {
  const fields = fieldsOf(value).flatMap(({ id, field }, index, all) => [
    fieldHeader(fieldType(field), id, all[index - 1]?.id ?? 0),
    encode(field),
  ]);
  return Buffer.concat([...fields, STOP]);
}

function encode({ type, value }: ThriftValue): Buffer {
  switch (type) {
    case 'bool':
      return Buffer.alloc(0);
    case 'i32':
      return zigzag(BigInt(value));
    case 'i64':
      return zigzag(value);
    case 'string':
      return string(value);
    case 'struct':
      return struct(value);
    case 'list':
      return list(value);
  }
}

/** TCompactProtocol: variable-length integers, and field ids as the difference from the previous field. */
export const thriftCompact: ThriftProtocol = {
  struct,
  oneway: (method, args) =>
    Buffer.concat([
      Buffer.of(PROTOCOL_ID, (ONEWAY << 5) | VERSION_1),
      varint(0),
      string(method),
      struct(args),
    ]),
};
