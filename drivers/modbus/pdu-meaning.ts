import type { Text } from "../../edge/core/errors.ts";
import { EXCEPTION_BIT } from "./framer.ts";
import { DIAGNOSTICS, EXCEPTION_NAMES, IDENTIFICATION } from "./function-names.ts";
import { MAX_BITS, MAX_REGISTERS } from "./limits.ts";
import {
  type Direction,
  type FaultKind,
  type Field,
  type FieldName,
  type Meaning,
  type Remark,
  remark,
} from "./meaning.ts";

/** What an answer answers, as far as it is known. */
export type Asked = {
  readonly unit: number;
  readonly functionCode: number;
  /** Address and count of what is read; null where the function reads none. */
  readonly address: number | null;
  readonly count: number | null;
};

/** The most that one request writes (Modbus Application Protocol V1.1b3, 6.11, 6.12 and 6.17). */
const MAX_WRITE_BITS = 1968;
const MAX_WRITE_REGISTERS = 123;
const MAX_READ_WRITE_REGISTERS = 121;

/** Both ways alike (Modbus Application Protocol V1.1b3, 6.5, 6.6, 6.8 and 6.16). */
const ALIKE = [5, 6, 8, 22];

const ON: Text = { en: "on", "zh-CN": "接通" };
const OFF: Text = { en: "off", "zh-CN": "断开" };

/**
 * What `pdu` (function code and data) can mean, the likeliest reading first: more than one where
 * it is sound as a request and as an answer. `direction` and `asked` say what is known of it.
 */
export function meaningsOf(
  pdu: Uint8Array,
  direction: Direction | null,
  asked: Asked | null,
): readonly Meaning[] {
  const [code = 0] = pdu;
  if (code & EXCEPTION_BIT) return [read(pdu, "answer", asked)];
  if (ALIKE.includes(code) || !(code in READERS)) {
    return [{ ...read(pdu, "request", asked), direction }];
  }
  if (direction !== null) return [read(pdu, direction, asked)];
  const both = [read(pdu, "request", asked), read(pdu, "answer", asked)];
  const sound = both.filter(({ faults }) => faults.length === 0);
  if (sound.length > 0) return sound;
  return [nearest(both)];
}

/** The reading with the fewest faults; a length that fits counts most. */
function nearest(meanings: readonly Meaning[]): Meaning {
  const badness = ({ faults }: Meaning) =>
    faults.reduce((sum, { kind }) => sum + (kind.startsWith("too-") ? 10 : 1), 0);
  return meanings.toSorted((a, b) => badness(a) - badness(b))[0] as Meaning;
}

function read(pdu: Uint8Array, direction: Direction, asked: Asked | null): Meaning {
  const reader = new PduReader(pdu);
  const [code = 0] = pdu;
  if (code & EXCEPTION_BIT) reader.number("exception", 1, EXCEPTION_NAMES);
  else READERS[code]?.[direction](reader, asked);
  if (code === 0 || code === EXCEPTION_BIT) reader.fault("no-function", { code });
  return { direction, fields: reader.fields, faults: reader.end(code in READERS) };
}

/** Takes a PDU apart from the front, noting each field and what is wrong. */
class PduReader {
  readonly fields: Field[] = [];
  readonly #pdu: Uint8Array;
  readonly #faults: Remark<FaultKind>[] = [];
  #at = 1;

  constructor(pdu: Uint8Array) {
    this.#pdu = pdu;
  }

  get left(): number {
    return Math.max(0, this.#pdu.length - this.#at);
  }

  fault(kind: FaultKind, data: Readonly<Record<string, number>> = {}): void {
    this.#faults.push(remark(kind, data));
  }

  /** A number of `width` bytes, named by `names`; 0 where the frame has ended. */
  number(name: FieldName, width: 1 | 2, names: Readonly<Record<number, Text>> = {}): number {
    const bytes = this.#take(width);
    if (bytes.length < width) return 0;
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    this.fields.push({ name, index: null, bytes, value, meaning: names[value] ?? null });
    return value;
  }

  /** Bytes of which no more is known, as text where they are printable. */
  bytes(name: FieldName, count: number, index: number | null = null): void {
    const bytes = this.#take(count);
    if (bytes.length === 0) return;
    this.fields.push({ name, index, bytes, value: printable(bytes), meaning: null });
  }

  /** `count` registers from address `from` on; where that is null only their places are known. */
  registers(count: number, from: number | null): void {
    const name = from === null ? "nthRegister" : "register";
    const all = this.#take(count * 2);
    for (let at = 0; at + 2 <= all.length; at += 2) {
      const bytes = all.subarray(at, at + 2);
      const value = (bytes[0] as number) * 256 + (bytes[1] as number);
      this.fields.push({ name, index: (from ?? 0) + at / 2, bytes, value, meaning: null });
    }
  }

  /** `count` bits, eight a byte, the lowest bit first (Modbus Application Protocol V1.1b3, 6.1). */
  bits(count: number, from: number | null): void {
    const name = from === null ? "nthBits" : "bits";
    this.#take(Math.ceil(count / 8)).forEach((byte, at) => {
      const width = Math.min(8, count - at * 8);
      const value = Array.from({ length: width }, (_, bit) => (byte & (1 << bit)) !== 0);
      const index = (from ?? 0) + at * 8;
      this.fields.push({ name, index, bytes: Uint8Array.of(byte), value, meaning: null });
    });
  }

  /**
   * A number of data bytes that must be `expected`, or where that is null all that follow. Gives
   * how many of them there are.
   */
  byteCount(expected: number | null = null): number {
    if (this.left === 0) {
      this.number("byteCount", 1);
      return 0;
    }
    const said = this.number("byteCount", 1);
    const found = expected ?? this.left;
    if (said !== found) this.fault("byte-count", { said, found });
    return Math.min(said, this.left);
  }

  /** First address and count of a request; `max` is the most that the function takes. */
  range(address: FieldName, count: FieldName, max: number): { from: number; count: number } {
    const from = this.number(address, 2);
    const isWhole = this.left >= 2;
    const value = this.number(count, 2);
    if (isWhole && (value < 1 || value > max)) this.fault("count", { value, max });
    if (from + value > 0x10000) this.fault("beyond-address", { last: from + value - 1 });
    return { from, count: value };
  }

  /** All faults; that the frame is too long or short is told unless its byte count tells it. */
  end(isKnown: boolean): readonly Remark<FaultKind>[] {
    const isException = ((this.#pdu[0] ?? 0) & EXCEPTION_BIT) !== 0;
    const extra = this.#pdu.length - this.#at;
    const isTold = this.#faults.some(({ kind }) => kind === "byte-count");
    if (extra > 0) this.bytes("data", extra);
    if (isTold || (!isKnown && !isException)) return this.#faults;
    if (extra < 0) this.fault("too-short", { missing: -extra });
    if (extra > 0) this.fault("too-long", { extra });
    return this.#faults;
  }

  #take(count: number): Uint8Array {
    const bytes = this.#pdu.slice(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }
}

type Reader = (reader: PduReader, asked: Asked | null) => void;

type BothWays = Readonly<Record<Direction, Reader>>;

const readBits: BothWays = {
  request: (reader) => reader.range("address", "count", MAX_BITS),
  answer: (reader, asked) => {
    const bytes = reader.byteCount();
    if (bytes === 0) reader.fault("count", { value: 0, max: MAX_BITS });
    reader.bits(Math.min(asked?.count ?? MAX_BITS, bytes * 8), asked?.address ?? null);
  },
};

const readRegisters: BothWays = {
  request: (reader) => reader.range("address", "count", MAX_REGISTERS),
  answer: (reader, asked) => registersRead(reader, asked),
};

function registersRead(reader: PduReader, asked: Asked | null): void {
  const bytes = reader.byteCount();
  const count = Math.floor(bytes / 2);
  if (bytes % 2 === 1) reader.fault("byte-count", { said: bytes, found: bytes - 1 });
  if (count < 1 || count > MAX_REGISTERS)
    reader.fault("count", { value: count, max: MAX_REGISTERS });
  reader.registers(count, asked?.address ?? null);
}

const alike = (reader: Reader): BothWays => ({ request: reader, answer: reader });

/** How each function is read (Modbus Application Protocol V1.1b3, 6). */
const READERS: Readonly<Record<number, BothWays>> = {
  1: readBits,
  2: readBits,
  3: readRegisters,
  4: readRegisters,
  5: alike((reader) => {
    reader.number("address", 2);
    const value = reader.number("value", 2, { 0: OFF, 65280: ON });
    if (value !== 0 && value !== 0xff00) reader.fault("coil-value", { value });
  }),
  6: alike((reader) => {
    const address = reader.number("address", 2);
    reader.registers(1, address);
  }),
  7: { request: () => {}, answer: (reader) => reader.number("status", 1) },
  8: alike((reader) => {
    reader.number("subFunction", 2, DIAGNOSTICS);
    // Two bytes, or any number for the device to return.
    reader.bytes("data", Math.max(2, reader.left));
  }),
  15: {
    request: (reader) => {
      const { from, count } = reader.range("address", "count", MAX_WRITE_BITS);
      reader.byteCount(Math.ceil(count / 8));
      reader.bits(count, from);
    },
    answer: (reader) => reader.range("address", "count", MAX_WRITE_BITS),
  },
  16: {
    request: (reader) => {
      const { from, count } = reader.range("address", "count", MAX_WRITE_REGISTERS);
      reader.byteCount(count * 2);
      reader.registers(count, from);
    },
    answer: (reader) => reader.range("address", "count", MAX_WRITE_REGISTERS),
  },
  17: {
    request: () => {},
    answer: (reader) => reader.bytes("serverId", reader.byteCount()),
  },
  22: alike((reader) => {
    reader.number("address", 2);
    reader.number("andMask", 2);
    reader.number("orMask", 2);
  }),
  23: {
    request: (reader) => {
      reader.range("readAddress", "readCount", MAX_REGISTERS);
      const { from, count } = reader.range("writeAddress", "writeCount", MAX_READ_WRITE_REGISTERS);
      reader.byteCount(count * 2);
      reader.registers(count, from);
    },
    answer: registersRead,
  },
  43: {
    request: (reader) => {
      if (reader.number("interface", 1) !== DEVICE_IDENTIFICATION) {
        reader.bytes("data", reader.left);
        return;
      }
      reader.number("readCode", 1);
      reader.number("objectId", 1, IDENTIFICATION);
    },
    answer: identification,
  },
};

/** Of the encapsulated interfaces the one that identifies devices. */
const DEVICE_IDENTIFICATION = 0x0e;

/** The answer with a device's identification (Modbus Application Protocol V1.1b3, 6.21). */
function identification(reader: PduReader): void {
  if (reader.number("interface", 1) !== DEVICE_IDENTIFICATION) {
    reader.bytes("data", reader.left);
    return;
  }
  reader.number("readCode", 1);
  reader.number("conformity", 1);
  reader.number("moreFollows", 1, {
    0: { en: "no", "zh-CN": "否" },
    255: { en: "yes", "zh-CN": "是" },
  });
  reader.number("nextObject", 1);
  const objects = reader.number("objects", 1);
  for (let i = 0; i < objects; i++) {
    const id = reader.number("objectId", 1, IDENTIFICATION);
    reader.bytes("object", reader.number("byteCount", 1), id);
  }
}

/** The bytes as text where all of them are printable ASCII characters, else null. */
function printable(bytes: Uint8Array): string | null {
  const isText = bytes.length > 1 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? String.fromCharCode(...bytes) : null;
}
