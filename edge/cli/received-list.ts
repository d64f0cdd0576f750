import { closeSync, openSync, readSync } from "node:fs";
import type { SeqSet } from "../core/seq-set.ts";

const CHUNK_BYTES = 1 << 16;
/** Ranges of a stream that came in no order are put in order when there are so many. */
const UNORDERED_MAX = 100_000;

type Range = { from: number; to: number };
/** The ranges of a stream so far, and at how many they are put in order the next time. */
type Growing = { ranges: Range[]; orderAt: number };

/** A line of a receiver's list that says no stream and seq; lines count from 1. */
export class ListMistake extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line}`);
    this.line = line;
  }
}

/**
 * What a receiver has, by stream, from the file `path`: lines of JSON with `stream` and `seq`, or
 * `from` and `to` (messages of contract v1 are such), or CSV, whose first line may name these
 * columns; without names they are stream and seq, or stream, from and to. A seq may be a range
 * (`5-9`). Throws `ListMistake`, or what the system says of the file.
 */
export function readReceived(path: string): ReadonlyMap<string, SeqSet> {
  return receivedIn(linesOf(path));
}

/** As `readReceived`, of lines. */
export function receivedIn(lines: Iterable<string>): ReadonlyMap<string, SeqSet> {
  const found = new Map<string, Growing>();
  let names: readonly string[] | null = null;
  let number = 0;
  for (const line of lines) {
    number++;
    const text = line.replace(/^\uFEFF/, "").trim();
    if (text === "") continue;
    const cells = text.startsWith("{") ? null : text.split(",").map(bare);
    if (cells !== null && names === null) {
      const isHead = cells.includes("stream");
      names = isHead ? cells : cells.length > 2 ? ["stream", "from", "to"] : ["stream", "seq"];
      if (isHead) continue;
    }
    const fields = cells === null ? fieldsOf(text) : zipped(names ?? [], cells);
    const range = rangeIn(fields);
    if (range === null || typeof fields.stream !== "string") throw new ListMistake(number);
    add(found, fields.stream, range);
  }
  return new Map([...found].map(([stream, { ranges }]) => [stream, ordered(ranges)]));
}

type Fields = Readonly<Record<string, unknown>>;

function bare(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, "$1");
}

function zipped(names: readonly string[], cells: readonly string[]): Fields {
  return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
}

function fieldsOf(text: string): Fields {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === "object" ? (parsed as Fields) : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

function rangeIn({ seq, from, to }: Fields): Range | null {
  const [first, last] = seq === undefined ? [from, to] : String(seq).split("-");
  const range = { from: seqOf(first), to: seqOf(last ?? first) };
  return range.from >= 1 && range.from <= range.to ? range : null;
}

/** NaN where `text` is no whole number. */
function seqOf(text: unknown): number {
  const digits = String(text).trim();
  const seq = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(seq) ? seq : Number.NaN;
}

function add(found: Map<string, Growing>, stream: string, range: Range): void {
  const growing = found.get(stream) ?? { ranges: [], orderAt: UNORDERED_MAX };
  found.set(stream, growing);
  const last = growing.ranges.at(-1);
  if (last !== undefined && last.to === range.from - 1) last.to = range.to;
  else growing.ranges.push(range);
  if (growing.ranges.length < growing.orderAt) return;
  growing.ranges = ordered(growing.ranges);
  growing.orderAt = Math.max(UNORDERED_MAX, 2 * growing.ranges.length);
}

function ordered(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

function* linesOf(path: string): Generator<string> {
  const descriptor = openSync(path, "r");
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const length = readSync(descriptor, chunk);
      rest += decoder.decode(chunk.subarray(0, length), { stream: length > 0 });
      const lines = rest.split(/\r?\n/);
      rest = length > 0 ? (lines.pop() ?? "") : "";
      yield* lines;
      if (length === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}
