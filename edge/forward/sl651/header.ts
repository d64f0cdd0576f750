import type { Direction, EndMark } from "./marks.ts";

/** How a frame is written: as bytes with BCD, or as characters. One link has one of them. */
export type Encoding = "hex" | "ascii";

/** Which of several packets of one message a frame is (mode M3), each 1 to 4095. */
export type PacketNumber = { readonly total: number; readonly index: number };

/** One frame (SL 651-2014, tables 11 and 12). */
export type Frame = {
  readonly encoding: Encoding;
  readonly direction: Direction;
  /** 1 to 255. */
  readonly centre: number;
  /** Ten hexadecimal digits: `00` and eight BCD digits, or district (6 BCD digits) and number. */
  readonly station: string;
  /** Four hexadecimal digits. */
  readonly password: string;
  /** 0 to 255, see `functionOf`. */
  readonly functionCode: number;
  /** Null behind STX; what SYN announces is one of several packets. */
  readonly packet: PacketNumber | null;
  /** Without the packet's number. */
  readonly body: Uint8Array;
  readonly end: EndMark;
};

/** The most that the length of a frame can say. */
export const LENGTH_MAX = 4095;

/** How many bytes the packet's number takes. */
export const PACKET_NUMBER: Readonly<Record<Encoding, number>> = { hex: 3, ascii: 6 };

/** Bytes before the start mark: where the header's parts begin. */
export const HEADER: Readonly<Record<Encoding, number>> = { hex: 13, ascii: 23 };

/** Bytes of the check sum. */
export const CRC: Readonly<Record<Encoding, number>> = { hex: 2, ascii: 4 };
