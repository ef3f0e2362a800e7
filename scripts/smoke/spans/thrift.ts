/** The Thrift values that Jaeger's structs consist of, for every protocol. */
export type ThriftValue =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'i32'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'struct'; readonly value: ThriftStruct }
  | { readonly type: 'list'; readonly value: readonly ThriftStruct[] };

/** Values by field id. */
export type ThriftStruct = Readonly<Record<number, ThriftValue>>;

export interface ThriftProtocol {
  struct(value: ThriftStruct): Buffer;
  /** A call of a method without a response. */
  oneway(method: string, args: ThriftStruct): Buffer;
}

/** The message type of such a call. */
export const ONEWAY = 4;

/** Ends the fields of a struct. */
export const STOP = Buffer.of(0);

export const bool = (value: boolean): ThriftValue => ({ type: 'bool', value });
export const i32 = (value: number): ThriftValue => ({ type: 'i32', value });
export const i64 = (value: number | bigint): ThriftValue => ({ type: 'i64', value: BigInt(value) });
export const string = (value: string): ThriftValue => ({ type: 'string', value });
export const struct = (value: ThriftStruct): ThriftValue => ({ type: 'struct', value });
export const list = (value: readonly ThriftStruct[]): ThriftValue => ({ type: 'list', value });

/** The fields in the order of their ids, which is how JavaScript orders integer keys. */
export const fieldsOf = (value: ThriftStruct) =>
  Object.entries(value).map(([id, field]) => ({ id: Number(id), field }));
