import type { Reason } from "../edge/core/reading.ts";

/** What happened on a bus at one moment. */
export type WireRecord =
  | {
      /** Bytes that the gateway sent, or that came in. */
      readonly kind: "sent" | "received";
      /** When the first of them was sent or seen, in microseconds of uptime. */
      readonly fromUs: number;
      /** When the last of them was; the same for bytes that came at once. */
      readonly untilUs: number;
      readonly bytes: Uint8Array;
    }
  | {
      /** A request had come to nothing. */
      readonly kind: "failure";
      readonly fromUs: number;
      readonly untilUs: number;
      readonly reason: Reason;
    };

const MARKS = { sent: ">", received: "<", failure: "!" } as const;

const LINE = /^\s*(\d+)\s+([<>!])\s+([^#]*?)\s*(?:#.*)?$/;

const HEAD = /^#\s*lifeline wire 1 (\S+)/;

/** A capture: what its bytes are, as `lifeline decode` names it, and what happened, in order. */
export type WireCapture = {
  /** Null where the text does not say. */
  readonly framing: string | null;
  readonly records: readonly WireRecord[];
};

/**
 * A capture as text, one line a record, to be read, mailed, edited, and tested with:
 *
 * ```
 * # lifeline wire 1 modbus-rtu
 * 0 > 01 03 00 00 00 02 C4 0B  # request to unit 1: read holding registers 0 to 1
 * 23412 < 01 83 02 C0 F1  # answer of unit 1: illegal data address
 * 14 ! exception:2
 * ```
 *
 * A line is: the microseconds since the first byte of the record before (0 in the first), `>` for
 * bytes sent, `<` for bytes received or `!` for why a request came to nothing, then the bytes in
 * hex, and after `#` what they mean, for people only. Empty lines mean nothing.
 */
export function printWire(
  { framing, records }: WireCapture,
  meaningOf: (record: WireRecord) => string,
): string {
  let before = records[0]?.fromUs ?? 0;
  const lines = records.map((record) => {
    const line = wireLine(record, record.fromUs - before, meaningOf(record));
    before = record.fromUs;
    return line;
  });
  return [wireHead(framing ?? "unknown"), ...lines, ""].join("\n");
}

/** The first line of a capture. */
export function wireHead(framing: string): string {
  return `# lifeline wire 1 ${framing}`;
}

/** The line of `record`, `sinceUs` microseconds after the record before; `meaning` is for people. */
export function wireLine(record: WireRecord, sinceUs: number, meaning: string): string {
  const what = record.kind === "failure" ? record.reason : hexOf(record.bytes);
  const line = `${Math.round(sinceUs)} ${MARKS[record.kind]} ${what}`;
  return meaning === "" ? line : `${line}  # ${meaning}`;
}

/** The record that `line` tells; null where it is no line of a capture. Its times count from 0. */
export function parseWireLine(line: string): WireRecord | null {
  const [, time, mark, what = ""] = LINE.exec(line) ?? [];
  if (time === undefined) return null;
  const moment = { fromUs: Number(time), untilUs: Number(time) };
  if (mark === "!") return { kind: "failure", ...moment, reason: what as Reason };
  const digits = what.replaceAll(/\s/g, "");
  if (!/^([0-9A-Fa-f]{2})+$/.test(digits)) return null;
  const bytes = Uint8Array.from(Buffer.from(digits, "hex"));
  return { kind: mark === ">" ? "sent" : "received", ...moment, bytes };
}

/** The capture that `text` tells; a number where that line of it, from 1, is none of a capture. */
export function parseWire(text: string): WireCapture | number {
  const records: WireRecord[] = [];
  let framing: string | null = null;
  let nowUs = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    framing ??= HEAD.exec(line)?.[1] ?? null;
    if (/^\s*(#|$)/.test(line)) continue;
    const record = parseWireLine(line);
    if (record === null) return index + 1;
    nowUs += record.fromUs;
    records.push({ ...record, fromUs: nowUs, untilUs: nowUs });
  }
  return { framing, records };
}

/** `bytes` as hex, a blank between two. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
}
