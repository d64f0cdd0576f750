import type { Link } from "../edge/core/link.ts";
import type { Reason } from "../edge/core/reading.ts";
import type { Clock, UptimeMs } from "../edge/core/time.ts";
import type { WireRecord } from "./wire-text.ts";

/** What a bus's recorder holds, in bytes: at 9,600 bits per second some five busy minutes. */
export const RECORDER_BYTES = 262_144;

/** In front of each record: from (8), duration (4), length (2), kind (1), unused (1). */
const HEADER = 16;
const DURATION_AT = 8;
const LENGTH_AT = 12;
const KIND_AT = 14;

const KINDS = ["sent", "received", "failure"] as const;

/** Bytes that come so soon after those before belong to the same record, in microseconds. */
const JOINED_WITHIN_US = 50_000;

/** The longest record; more bytes make several. */
const RECORD_MAX = 4096;

/** What was recorded from some number on. */
export type Recorded = {
  readonly records: readonly WireRecord[];
  /** The number of the first record behind these. */
  readonly next: number;
  /** Records asked for that have been overwritten. */
  readonly missed: number;
};

/**
 * The last of what went over one bus, kept in a ring of fixed size, the oldest overwritten. Always
 * on, so that what led to a fault is there when somebody asks; it allocates nothing to record.
 */
export class FlightRecorder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** The numbers of the oldest record and of the one to come. */
  #first = 0;
  #next = 0;
  /** Where the oldest record is, where the next will be, and where the last before the wrap ends. */
  #tail = 0;
  #head = 0;
  #end = 0;
  /** The place of the newest record while more bytes may join it, else null. */
  #open: number | null = null;

  /** `size` is in bytes, at least 8192. */
  constructor(size = RECORDER_BYTES) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes were sent, the first of them at `at`. */
  sent(bytes: Uint8Array, at: UptimeMs): void {
    this.#add(0, bytes, at * 1000);
    this.#open = null;
  }

  /** Bytes had come at `at`. */
  received(bytes: Uint8Array, at: UptimeMs): void {
    const atUs = at * 1000;
    if (this.#join(bytes, atUs)) return;
    this.#add(1, bytes, atUs);
  }

  /** The request on the bus had come to nothing at `at`. */
  failed(reason: Reason, at: UptimeMs): void {
    this.#add(2, new TextEncoder().encode(reason), at * 1000);
    this.#open = null;
  }

  /** The number of the record to come. */
  get next(): number {
    return this.#next;
  }

  /**
   * The records from number `from` on that are still there, at most `max` of them. The newest is
   * left out while more bytes may join it: `now` tells. A number beyond all is of a recorder
   * before this one; it gets all there is.
   */
  since(from: number, max: number, now: UptimeMs): Recorded {
    const asked = from > this.#next ? 0 : from;
    const begin = Math.max(asked, this.#first);
    const end = Math.min(begin + max, this.#next - (this.#isGrowing(now) ? 1 : 0));
    const records: WireRecord[] = [];
    let place = this.#tail;
    for (let number = this.#first; number < end; number++) {
      if (number >= begin) records.push(this.#read(place));
      place = this.#after(place);
    }
    return { records, next: Math.max(begin, end), missed: begin - asked };
  }

  #isGrowing(now: UptimeMs): boolean {
    return this.#open !== null && now * 1000 - this.#untilUs(this.#open) < JOINED_WITHIN_US;
  }

  #untilUs(place: number): number {
    return this.#view.getFloat64(place) + this.#view.getUint32(place + DURATION_AT);
  }

  #read(place: number): WireRecord {
    const fromUs = this.#view.getFloat64(place);
    const untilUs = this.#untilUs(place);
    const start = place + HEADER;
    const bytes = this.#bytes.slice(start, start + this.#view.getUint16(place + LENGTH_AT));
    const kind = KINDS[this.#view.getUint8(place + KIND_AT)] as (typeof KINDS)[number];
    if (kind !== "failure") return { kind, fromUs, untilUs, bytes };
    return { kind, fromUs, untilUs, reason: new TextDecoder().decode(bytes) as Reason };
  }

  /** Puts bytes behind the newest record where they belong to it; says whether they did. */
  #join(bytes: Uint8Array, atUs: number): boolean {
    const place = this.#open;
    if (place === null || atUs - this.#untilUs(place) >= JOINED_WITHIN_US) return false;
    const length = this.#view.getUint16(place + LENGTH_AT);
    const fits = this.#head + bytes.length <= this.#bytes.length;
    if (!fits || length + bytes.length > RECORD_MAX) return false;
    this.#clear(bytes.length);
    this.#bytes.set(bytes, this.#head);
    this.#head += bytes.length;
    this.#view.setUint16(place + LENGTH_AT, length + bytes.length);
    this.#view.setUint32(place + DURATION_AT, atUs - this.#view.getFloat64(place));
    return true;
  }

  #add(kind: number, bytes: Uint8Array, atUs: number): void {
    for (let at = 0; at < bytes.length; at += RECORD_MAX) {
      this.#addOne(kind, bytes.subarray(at, at + RECORD_MAX), atUs);
    }
  }

  #addOne(kind: number, bytes: Uint8Array, atUs: number): void {
    const size = HEADER + bytes.length;
    if (this.#head + size > this.#bytes.length) this.#wrap();
    this.#clear(size);
    const place = this.#head;
    this.#view.setFloat64(place, atUs);
    this.#view.setUint32(place + DURATION_AT, 0);
    this.#view.setUint16(place + LENGTH_AT, bytes.length);
    this.#view.setUint8(place + KIND_AT, kind);
    this.#bytes.set(bytes, place + HEADER);
    this.#head += size;
    this.#next++;
    this.#open = place;
  }

  /** Goes on at the front: a record is never parted. */
  #wrap(): void {
    while (this.#first < this.#next && this.#tail >= this.#head) this.#drop();
    this.#end = this.#head;
    this.#head = 0;
  }

  /** Forgets the oldest records that stand in the `count` bytes to be written. */
  #clear(count: number): void {
    const end = this.#head + count;
    while (this.#first < this.#next && this.#tail >= this.#head && this.#tail < end) this.#drop();
    if (this.#first === this.#next) this.#tail = this.#head;
  }

  #drop(): void {
    this.#tail = this.#after(this.#tail);
    this.#first++;
  }

  /** The place of the record behind the one at `place`. */
  #after(place: number): number {
    const next = place + HEADER + this.#view.getUint16(place + LENGTH_AT);
    const isLastBeforeWrap = place >= this.#head && next === this.#end;
    return isLastBeforeWrap ? 0 : next;
  }
}

/** `link` with everything that goes over it told to `recorder`. */
export function recordedLink(link: Link, clock: Clock, recorder: FlightRecorder): Link {
  let listener: Link["onData"] = null;
  link.onData = (bytes) => {
    recorder.received(bytes, clock.uptime());
    listener?.(bytes);
  };
  return {
    write: (bytes) => {
      recorder.sent(bytes, clock.uptime());
      link.write(bytes);
    },
    get onData() {
      return listener;
    },
    set onData(next) {
      listener = next;
    },
    closed: link.closed,
    ...(link.isPaced === undefined ? {} : { isPaced: link.isPaced }),
    ...(link.flush === undefined ? {} : { flush: () => link.flush?.() }),
    close: () => link.close(),
  };
}
