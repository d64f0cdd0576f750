import { RemarkList } from "../remark-list.ts";
import type { Payload } from "./payload.ts";
import type { Fault, Note, Remarks } from "./remarks.ts";
import { type Field, type FieldKind, MESSAGES, type MessageName } from "./schema.ts";
import { WIRE } from "./writer.ts";

/** Everything that can be said of the bytes of one payload. */
export type Decoded = {
  /** What could be read of it. It is to be acted upon only without faults. */
  readonly payload: Payload;
  readonly faults: readonly Fault[];
  readonly notes: readonly Note[];
};

/** So many messages may stand within each other: a template in a template is four of them. */
const DEPTH_MAX = 32;
/** After so many faults nothing more is read. */
const FAULTS_MAX = 20;

/** What `bytes` say as a Sparkplug B payload: by the form, not the meaning. Never throws. */
export function decodePayload(bytes: Uint8Array): Decoded {
  const remarks: Remarks = new RemarkList();
  const payload = new Reader(bytes, remarks).message("payload", bytes.length, 0);
  return { payload: payload as Payload, faults: remarks.faults, notes: remarks.notes };
}

/** Wire types that are known; 3 and 4 are groups, which proto2 has given up. */
const WIRE_OF: Readonly<Record<FieldKind, number>> = {
  uint32: WIRE.varint,
  uint64: WIRE.varint,
  bool: WIRE.varint,
  float: WIRE.fixed32,
  double: WIRE.fixed64,
  text: WIRE.length,
  bytes: WIRE.length,
  payload: WIRE.length,
  metric: WIRE.length,
  metaData: WIRE.length,
  propertySet: WIRE.length,
  propertyValue: WIRE.length,
  propertySetList: WIRE.length,
  dataSet: WIRE.length,
  row: WIRE.length,
  dataSetValue: WIRE.length,
  template: WIRE.length,
  parameter: WIRE.length,
};

/** Where a field goes that is read. */
type Into = {
  readonly fields: Record<string, unknown>;
  /** What the field is called where it is spoken of. */
  readonly label: string;
  readonly depth: number;
};

/** Reads on after a fault where the place of the next field is certain. */
class Reader {
  readonly #bytes: Buffer;
  readonly #remarks: Remarks;
  readonly #text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array, remarks: Remarks) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#remarks = remarks;
  }

  /** The fields up to byte `end` as those of message `name`. */
  message(name: MessageName, end: number, depth: number): object {
    const fields: Record<string, unknown> = {};
    if (depth > DEPTH_MAX) {
      this.#remarks.fault("too-deep", this.#at, { max: DEPTH_MAX });
      this.#at = end;
    }
    while (this.#at < end && this.#remarks.faults.length < FAULTS_MAX) {
      this.#field(name, fields, end, depth);
    }
    this.#at = end;
    return fields;
  }

  #field(name: MessageName, fields: Record<string, unknown>, end: number, depth: number): void {
    const begin = this.#at;
    const tag = this.#varint(end, `${name}.?`);
    if (tag === null) return;
    const wire = Number(tag & 7n);
    const number = Number(tag >> 3n);
    const field = MESSAGES[name][number];
    if (number === 0) this.#fail("field-zero", begin, {}, end);
    else if (field === undefined) {
      this.#remarks.note("field-unknown", begin, { message: name, number });
      this.#skip(wire, begin, end, `${name}.${number}`);
    } else this.#known(field, wire, begin, end, { depth, fields, label: `${name}.${field.name}` });
  }

  #known(field: Field, wire: number, begin: number, end: number, into: Into): void {
    const { label, depth } = into;
    const wanted = WIRE_OF[field.kind];
    if (wire === WIRE.length && field.isRepeated && wanted === WIRE.varint) {
      this.#packed(field, end, into);
    } else if (wire !== wanted) {
      this.#remarks.fault("wire-type", begin, { name: label, found: wire, wanted });
      this.#skip(wire, begin, end, label);
    } else {
      const value = this.#value(field.kind, end, depth, label);
      if (value !== null) this.#keep(field, value, begin, into);
    }
  }

  #keep(field: Field, value: unknown, begin: number, { fields, label }: Into): void {
    if (field.isRepeated) {
      listIn(fields, field.name).push(value);
      return;
    }
    const isOther = field.isValue && Object.keys(fields).some((key) => key.endsWith("Value"));
    if (isOther) this.#remarks.fault("value-twice", begin, { name: label });
    fields[field.name] = value;
  }

  /** Whole numbers one behind the other without tags of their own. */
  #packed(field: Field, end: number, { fields, label }: Into): void {
    const stop = this.#span(end, label);
    if (stop === null) return;
    const list = listIn(fields, field.name);
    while (this.#at < stop) {
      const value = this.#value(field.kind, stop, 0, label);
      if (value !== null) list.push(value);
      else break;
    }
    this.#at = stop;
  }

  /** Null where it is faulty; what is left of it is passed over. */
  #value(kind: FieldKind, end: number, depth: number, label: string): unknown {
    const begin = this.#at;
    switch (kind) {
      case "uint32":
      case "uint64":
      case "bool":
        return this.#whole(kind, end, label);
      case "float":
        return this.#fixed(4, end, label) ? this.#bytes.readFloatLE(begin) : null;
      case "double":
        return this.#fixed(8, end, label) ? this.#bytes.readDoubleLE(begin) : null;
      case "text":
      case "bytes": {
        const stop = this.#span(end, label);
        if (stop === null) return null;
        const part = this.#bytes.subarray(this.#at, stop);
        this.#at = stop;
        return kind === "text" ? this.#decoded(part, begin, label) : Uint8Array.from(part);
      }
      default: {
        const stop = this.#span(end, label);
        return stop === null ? null : this.message(kind, stop, depth + 1);
      }
    }
  }

  #decoded(part: Uint8Array, begin: number, label: string): string | null {
    try {
      return this.#text.decode(part);
    } catch {
      this.#remarks.fault("not-utf8", begin, { name: label });
      return null;
    }
  }

  #whole(kind: "uint32" | "uint64" | "bool", end: number, label: string): unknown {
    const begin = this.#at;
    const value = this.#varint(end, label);
    if (value === null) return null;
    if (kind === "bool") return value !== 0n;
    // A negative number of 32 bits may come with its sign carried on to 64 (int32 of old writers).
    const isCarried = kind === "uint32" && value >= 0xffff_ffff_8000_0000n;
    const kept = isCarried ? value & 0xffff_ffffn : value;
    if (kind === "uint32" && kept > 0xffff_ffffn) {
      this.#remarks.fault("number-long", begin, { name: label });
      return null;
    }
    return kept <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(kept) : kept;
  }

  #varint(end: number, label: string): bigint | null {
    const begin = this.#at;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= end) {
        this.#fail("truncated", begin, { name: label, missing: 1 }, end);
        return null;
      }
      const byte = this.#bytes[this.#at++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        if (value < 2n ** 64n) return value;
        break;
      }
    }
    this.#fail("number-long", begin, { name: label }, end);
    return null;
  }

  /** Whether so many bytes are there; it goes on behind them. */
  #fixed(length: number, end: number, label: string): boolean {
    const missing = this.#at + length - end;
    if (missing > 0) this.#fail("truncated", this.#at, { name: label, missing }, end);
    else this.#at += length;
    return missing <= 0;
  }

  /** Where the part ends whose length stands here; null where it would end beyond `end`. */
  #span(end: number, label: string): number | null {
    const begin = this.#at;
    const length = this.#varint(end, label);
    if (length === null) return null;
    const missing = BigInt(this.#at) + length - BigInt(end);
    if (missing <= 0n) return this.#at + Number(length);
    const told = missing > 0xffff_ffffn ? 0xffff_ffff : Number(missing);
    this.#fail("truncated", begin, { name: label, missing: told }, end);
    return null;
  }

  #skip(wire: number, begin: number, end: number, label: string): void {
    if (wire === WIRE.varint) this.#varint(end, label);
    else if (wire === WIRE.fixed64) this.#fixed(8, end, label);
    else if (wire === WIRE.fixed32) this.#fixed(4, end, label);
    else if (wire === WIRE.length) this.#at = this.#span(end, label) ?? end;
    else this.#fail("no-wire-type", begin, { found: wire }, end);
  }

  /** Where the next field begins is not known: the rest of the message is given up. */
  #fail(kind: Fault["kind"], at: number, data: Fault["data"], end: number): void {
    this.#remarks.fault(kind, at, data);
    this.#at = end;
  }
}

function listIn(fields: Record<string, unknown>, name: string): unknown[] {
  const list = (fields[name] as unknown[] | undefined) ?? [];
  fields[name] = list;
  return list;
}
