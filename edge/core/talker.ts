import type { ByteOrder, PointType } from "./point.ts";

/** How the bytes of a sensor that talks by itself, or answers text, make messages. */
export type Protocol = TextProtocol | NmeaProtocol | BinaryProtocol;

/** Lines of text: one expression for the whole line, or columns. */
export type TextProtocol = {
  readonly kind: "text";
  /** What ends a line, as bytes; null for CR, LF or both. */
  readonly ending: readonly number[] | null;
  readonly decimal: Decimal;
  readonly layout:
    | {
        readonly kind: "match";
        /** RE2 syntax; the whole line must match, blanks at its ends left out. */
        readonly expression: string;
      }
    | {
        readonly kind: "columns";
        /** What stands between two columns; a blank stands for any run of blanks. */
        readonly separator: string;
        /** How many columns a line has, or null where any number from the last needed on will do. */
        readonly columns: number | null;
      };
};

/** What stands before the digits after the whole number. */
export type Decimal = "point" | "comma";

/** Sentences `$…*hh` (NMEA 0183); the check sum is needed. */
export type NmeaProtocol = { readonly kind: "nmea" };

/** Frames of a fixed length. */
export type BinaryProtocol = {
  readonly kind: "binary";
  /** The bytes with which a frame begins, at least one. */
  readonly header: readonly number[];
  /** Bytes of a frame from the first of its header to the last of its tail. */
  readonly length: number;
  /** The bytes with which it ends, behind the check sum; may be empty. */
  readonly tail: readonly number[];
  readonly checksum: Checksum | null;
};

/**
 * The check sum right before the tail of a frame, over the bytes from `from` (0 is the first of the
 * header) up to the check sum.
 *
 * - `sum8`: the low byte of the sum; `sum8-negated`: what makes that sum 0
 * - `sum16`: the low 16 bits of the sum, high byte first
 * - `xor8`: exclusive or
 * - `crc16-modbus`: Modbus over serial line V1.02, 6.2.2, low byte first
 * - `crc8`: with a polynomial of its own, highest bit first, not reflected
 */
export type Checksum = { readonly from: number } & (
  | { readonly kind: "sum8" | "sum8-negated" | "sum16" | "xor8" | "crc16-modbus" }
  | { readonly kind: "crc8"; readonly polynomial: number; readonly init: number }
);

/** How bytes of a frame make a value: as registers do, or a single byte. */
export type FrameType = Exclude<PointType, "bool" | "string"> | "int8" | "uint8";

/** Where the value of a point stands in a message. */
export type TalkPlace =
  /** A named group of the expression. */
  | { readonly kind: "group"; readonly group: string; readonly text: TextForm }
  /** A column of a line, from 1. */
  | { readonly kind: "column"; readonly column: number; readonly text: TextForm }
  | {
      readonly kind: "sentence";
      /** Talker and type such as `WIMWV`, or the type alone for any talker. */
      readonly sentence: string;
      /** From 1, the one behind the sentence's name. */
      readonly field: number;
      /** Sentences where this does not hold say nothing about the point. */
      readonly only: FieldTest | null;
      /** Where this does not hold, the device says that its value is not valid. */
      readonly valid: FieldTest | null;
      readonly text: TextForm;
    }
  | {
      readonly kind: "frame";
      /** From 0, the first byte of the header. */
      readonly byte: number;
      readonly type: FrameType;
      readonly order: ByteOrder;
    };

/** Whether a field of a sentence holds a text. */
export type FieldTest = { readonly field: number; readonly is: string };

/** What a piece of text holds: a number, with a text that may stand behind it, or itself. */
export type TextForm =
  | { readonly kind: "number"; readonly suffix: string | null }
  | { readonly kind: "string" };

/** One quantity that a sensor tells. */
export type TalkPoint = {
  /** `device.point`. */
  readonly id: string;
  readonly place: TalkPlace;
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  /** Raw numbers with which the device says that it has no value; none if left out. */
  readonly sentinels?: readonly number[];
};

/** Bytes that a frame's value takes. */
export function bytesOf(type: FrameType): number {
  return FRAME_BYTES[type];
}

const FRAME_BYTES: Readonly<Record<FrameType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  bcd16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  bcd32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
};

/** Bytes that a check sum takes. */
export function checksumBytes({ kind }: Checksum): number {
  return kind === "sum16" || kind === "crc16-modbus" ? 2 : 1;
}
