import type { Text } from "../../edge/core/errors.ts";

/** Which way a frame goes: a request from the client, an answer from the server. */
export type Direction = "request" | "answer";

/** The names of what a frame's data holds, as they stand in JSON; people are told them in words. */
export type FieldName =
  | "address"
  | "count"
  | "byteCount"
  | "value"
  /** One register; its index is its PDU address. */
  | "register"
  /** One register of which only the place in the frame is known; its index counts from 0. */
  | "nthRegister"
  /** Up to eight coils or inputs; the index is the address of the first. */
  | "bits"
  /** As `bits`, where only the place in the frame is known. */
  | "nthBits"
  | "exception"
  | "status"
  | "subFunction"
  | "serverId"
  | "andMask"
  | "orMask"
  | "readAddress"
  | "readCount"
  | "writeAddress"
  | "writeCount"
  | "interface"
  | "readCode"
  | "objectId"
  | "conformity"
  | "moreFollows"
  | "nextObject"
  | "objects"
  | "object"
  /** Bytes of which no more is known. */
  | "data";

/** One thing that a frame says. */
export type Field = {
  readonly name: FieldName;
  /** Which of several of the same name: an address, a place, an object's number; else null. */
  readonly index: number | null;
  /** The bytes that say it, in the order of the wire. */
  readonly bytes: Uint8Array;
  /** What they say; null where they are only bytes. For bits the lowest address stands first. */
  readonly value: number | string | readonly boolean[] | null;
  /** What the value means, where the standard gives it a name. */
  readonly meaning: Text | null;
};

/** What can be wrong with a frame; what stands in backquotes is in its data. */
export type FaultKind =
  /** The check sum is not that of the bytes. */
  | "check-sum"
  /** The frame ends `missing` bytes early. */
  | "too-short"
  /** `extra` bytes follow where the frame should end. */
  | "too-long"
  /** `said` data bytes are announced and `found` are there, or belong there. */
  | "byte-count"
  /** A count of `value` is not in 1 to `max`. */
  | "count"
  /** A coil is written with neither 0000 nor FF00. */
  | "coil-value"
  /** The last address, `last`, is beyond 65535. */
  | "beyond-address"
  /** There is no function `code`. */
  | "no-function"
  /** It is not what was asked for: `what` is unit, function, address, count or transaction. */
  | "not-asked"
  /** `frames` frames stand one behind the other. */
  | "joined"
  /** The protocol identifier is `said` instead of 0. */
  | "protocol"
  /** The header announces `said` bytes behind the length and `found` are there. */
  | "length"
  /** A Modbus ASCII frame begins with a colon. */
  | "no-colon"
  /** The character `character`, the `at`th, is no hex digit. */
  | "not-hex"
  /** An odd number of hex digits. */
  | "odd-digits";

/** How a faulty frame could be right, and what that says of the line. */
export type HintKind =
  /** The check sum is right with its two bytes exchanged. */
  | "crc-swapped"
  /** All bytes are a whole frame without check sum; it would be `crc`. */
  | "no-check-sum"
  /** The first byte is lost; it would be `byte`. */
  | "first-byte-lost"
  /** The last byte is lost; it would be `byte`. */
  | "last-byte-lost"
  /** A byte is lost in front of the `at`th (from 1); it would be `byte`. */
  | "byte-lost"
  /** The `at`th byte (from 1), `byte`, is too much. */
  | "byte-extra"
  /** Bit `bit` of the `at`th byte is turned over; the byte would be `byte`. */
  | "bit-flipped"
  /** Only `found` of the `expected` bytes came. */
  | "cut-off"
  /** A sound frame stands in bytes `from` to `to`. */
  | "frame-inside"
  /** A request and its answer: an adapter that hears itself. */
  | "echo"
  /** The same frame twice. */
  | "twice"
  | "is-rtu"
  | "is-tcp"
  | "is-ascii"
  /** A serial line's check sum stands at the end of a TCP frame. */
  | "crc-in-tcp"
  /** The length counts `by` bytes too many: all of the frame, not only what follows it. */
  | "length-of-all"
  /** The length leaves out the unit. */
  | "length-of-pdu"
  /** The check sum is the sum and not its two's complement. */
  | "lrc-is-sum";

/** What is remarkable about a sound frame. */
export type NoteKind =
  /** Unit 0 is every device, and none answers. */
  | "broadcast"
  /** Units 248 to 255 are reserved. */
  | "reserved-unit"
  /** Whether it is the request or the answer cannot be told by the bytes. */
  | "either-way"
  /** It can be read as a request and as an answer. */
  | "ambiguous";

/** A remark with the data that its text names. */
export type Remark<Kind extends string> = {
  readonly kind: Kind;
  readonly data: Readonly<Record<string, string | number>>;
};

/** What a frame says, read as going one way; both ways where they look alike (null). */
export type Meaning = {
  readonly direction: Direction | null;
  readonly fields: readonly Field[];
  readonly faults: readonly Remark<FaultKind>[];
};

/** A remark of `kind` with what its text names. */
export function remark<Kind extends string>(
  kind: Kind,
  data: Readonly<Record<string, string | number>> = {},
): Remark<Kind> {
  return { kind, data };
}
