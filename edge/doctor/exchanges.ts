import { soundFrames } from "../../drivers/modbus/rtu-hints.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import type { Reason } from "../core/reading.ts";
import type { WallMs } from "../core/time.ts";

/** How frames stand on a bus. */
export type WireFraming = "rtu" | "ascii" | "tcp";

/** One request and what came behind it, until the next. */
export type Exchange = {
  readonly at: WallMs;
  readonly unit: number;
  /** Modbus function code. */
  readonly code: number;
  /** Bytes that its answer has on the wire, unless it is a refusal; null for other functions. */
  readonly expected: number | null;
  readonly sent: Uint8Array;
  /** What came, the echo left out. */
  readonly received: Uint8Array;
  /** Whether the request itself came back. */
  readonly isEchoed: boolean;
  /** Why it came to nothing; null where it was answered. */
  readonly reason: Reason | null;
  /** From the first byte sent to the last of the answer, in milliseconds; null without one. */
  readonly tookMs: number | null;
  /** The same of an answer that came when it had been given up; null where none did. */
  readonly lateMs: number | null;
};

/** An answer that comes later than this is no more taken for one, in microseconds. */
const LATE_MAX_US = 10_000_000;

/**
 * What `records` of a bus tell, request by request; `wallOf` says when an uptime in microseconds
 * was. The last is left out while nothing has come of it.
 */
export function exchangesIn(
  records: readonly WireRecord[],
  framing: WireFraming,
  wallOf: (us: number) => WallMs,
): readonly Exchange[] {
  const exchanges: Open[] = [];
  for (const record of records) {
    if (record.kind === "sent") exchanges.push(begun(record, framing));
    else if (record.kind === "failure") {
      const open = exchanges.at(-1);
      if (open !== undefined) open.reason ??= record.reason;
    } else take(exchanges, record, framing);
  }
  const last = exchanges.at(-1);
  const isUnderWay = last !== undefined && last.reason === null && last.received.length === 0;
  return exchanges
    .slice(0, isUnderWay ? -1 : undefined)
    .flatMap((open) => closed(open, framing, wallOf) ?? []);
}

/** A request as it stands in the records so far. */
type Open = {
  readonly fromUs: number;
  readonly sent: Uint8Array;
  readonly head: Head | null;
  received: Uint8Array;
  untilUs: number | null;
  lateUs: number | null;
  reason: Reason | null;
};

/** What a request asks. */
type Head = { readonly unit: number; readonly code: number; readonly expected: number | null };

function begun(record: Extract<WireRecord, { bytes: Uint8Array }>, framing: WireFraming): Open {
  const { bytes: sent, fromUs } = record;
  const head = headOf(sent, framing);
  const received = new Uint8Array(0);
  return { fromUs, sent, head, received, untilUs: null, lateUs: null, reason: null };
}

/** Gives what came to the request that it answers: to the newest, unless it is a late answer. */
function take(
  exchanges: readonly Open[],
  record: Extract<WireRecord, { bytes: Uint8Array }>,
  framing: WireFraming,
): void {
  const newest = exchanges.at(-1);
  if (newest === undefined) return;
  const { bytes, untilUs } = record;
  const late = framing === "rtu" ? lateAmong(exchanges, record) : undefined;
  if (late !== undefined) {
    late.lateUs ??= untilUs;
    if (late !== newest) return;
  }
  newest.received = Uint8Array.from([...newest.received, ...bytes]);
  newest.untilUs = untilUs;
}

/** The request, given up before, that the sound frame in `record` answers. */
function lateAmong(
  exchanges: readonly Open[],
  { bytes, untilUs }: Extract<WireRecord, { bytes: Uint8Array }>,
): Open | undefined {
  const frame = soundFrames(bytes).at(0);
  if (frame === undefined) return undefined;
  const [unit, code = 0] = bytes.subarray(frame.from, frame.to);
  const fits = ({ head }: Open) => head?.unit === unit && head?.code === (code & 0x7f);
  const newest = exchanges.at(-1);
  if (newest !== undefined && newest.reason === null && fits(newest)) return undefined;
  return exchanges.findLast(
    (each) => each.reason === "timeout" && fits(each) && untilUs - each.fromUs <= LATE_MAX_US,
  );
}

function closed(open: Open, framing: WireFraming, wallOf: (us: number) => WallMs): Exchange | null {
  const { head, sent, fromUs, untilUs, lateUs, reason } = open;
  if (head === null) return null;
  const isEchoed = framing !== "tcp" && startsWith(open.received, sent);
  const received = isEchoed ? open.received.subarray(sent.length) : open.received;
  const tookMs = untilUs === null || reason !== null ? null : (untilUs - fromUs) / 1000;
  const lateMs = lateUs === null ? null : (lateUs - fromUs) / 1000;
  return { at: wallOf(fromUs), ...head, sent, received, isEchoed, reason, tookMs, lateMs };
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && beginning.every((byte, i) => bytes[i] === byte);
}

/** What the request in `frame` asks; null where it is none that can be read. */
function headOf(frame: Uint8Array, framing: WireFraming): Head | null {
  const body = bodyOf(frame, framing);
  const [unit, code, , , high = 0, low = 0] = body;
  if (unit === undefined || code === undefined) return null;
  const count = high * 256 + low;
  const data = code <= 2 ? Math.ceil(count / 8) : code <= 4 ? 2 * count : null;
  return { unit, code, expected: data === null ? null : lengthOf(3 + data, framing) };
}

/** Unit and PDU of `frame` (Modbus over serial line 2.5.1 and 2.5.2, MBAP 3.1.3). */
function bodyOf(frame: Uint8Array, framing: WireFraming): Uint8Array {
  if (framing === "tcp") return frame.subarray(6);
  if (framing === "rtu") return frame;
  return Uint8Array.from(Buffer.from(Buffer.from(frame).toString("latin1").slice(1), "hex"));
}

/** What `bytes` of unit and PDU take on the wire. */
function lengthOf(bytes: number, framing: WireFraming): number {
  if (framing === "rtu") return bytes + 2;
  return framing === "tcp" ? bytes + 6 : 2 * bytes + 5;
}
