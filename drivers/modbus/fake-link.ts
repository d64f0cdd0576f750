import type { Link } from "../../edge/core/link.ts";
import type { DriverPoint, ReadRequest } from "../driver.ts";
import { withCrc } from "./crc16.ts";

/** A link whose other end is a test. */
export class FakeLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  /** What was written, in order. */
  readonly written: Uint8Array[] = [];
  /** What the other end does about a write. */
  onWrite: (bytes: Uint8Array) => void = () => {};
  readonly #lose: (why: string) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#lose = resolve;
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes);
    this.onWrite(bytes);
  }

  close(): void {
    this.#lose("closed");
  }

  /** Ends the link from the other side. */
  lose(why: string): void {
    this.#lose(why);
  }

  /** Lets the other end send. */
  send(bytes: Uint8Array): void {
    this.onData?.(bytes);
  }
}

/** Lets time pass while `work` waits, up to `limitMs`. */
export async function inTime<T>(
  clock: { advance(ms: number): Promise<unknown> },
  work: Promise<T>,
  limitMs = 60_000,
): Promise<T> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  for (let ms = 0; !isDone && ms < limitMs; ms++) await clock.advance(1);
  if (!isDone) throw new Error(`not done within ${limitMs} ms`);
  return await work;
}

/** A point; what a test leaves out does not matter to it. */
export function aPoint(some: Partial<DriverPoint> = {}): DriverPoint {
  return {
    id: "device.point",
    area: "holding",
    address: 0,
    type: "uint16",
    order: "ABCD",
    length: 0,
    scale: 1,
    offset: 0,
    everyMs: 1000,
    ...some,
  };
}

/** A request for `count` unsigned 16-bit registers of `unit` from `address` on, one point each. */
export function aRequest(some: Partial<Omit<ReadRequest, "points">> = {}): ReadRequest {
  const { unit = 1, area = "holding", address = 0, count = 2 } = some;
  const points = Array.from({ length: count }, (_, offset) => ({
    point: aPoint({ id: `u${unit}.p${address + offset}`, area, address: address + offset }),
    offset,
  }));
  return { device: `u${unit}`, unit, area, address, count, everyMs: 1000, points };
}

/** The answer of `unit` with `registers`, as on a serial line. */
export function rtuAnswer(unit: number, registers: readonly number[], functionCode = 3) {
  const data = registers.flatMap((register) => [register >>> 8, register & 0xff]);
  return withCrc(Uint8Array.of(unit, functionCode, data.length, ...data));
}

/** The answer to the request `frame` (as on a serial line) of a device whose registers hold their own address times `factor`. */
export function rtuAnswerTo(frame: Uint8Array, factor = 1): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const registers = Array.from(
    { length: view.getUint16(4) },
    (_, index) => (view.getUint16(2) + index) * factor,
  );
  return rtuAnswer(view.getUint8(0), registers, view.getUint8(1));
}

/** `frame` with one bit turned over. */
export function damaged(frame: Uint8Array, at: number, bit = 0): Uint8Array {
  return frame.with(at, (frame[at] as number) ^ (1 << bit));
}

/** The Modbus TCP frame of `unitAndPdu`. */
export function tcpFrame(transaction: number, unitAndPdu: readonly number[]): Uint8Array {
  const length = unitAndPdu.length;
  return Uint8Array.of(
    transaction >>> 8,
    transaction & 0xff,
    0,
    0,
    length >>> 8,
    length & 0xff,
    ...unitAndPdu,
  );
}

/** The ASCII frame of `unitAndPdu`, its check sum right. */
export function asciiFrame(unitAndPdu: readonly number[]): Uint8Array {
  const sum = unitAndPdu.reduce((all, byte) => all + byte, 0);
  const digits = Buffer.from([...unitAndPdu, -sum & 0xff])
    .toString("hex")
    .toUpperCase();
  return ascii(`:${digits}\r\n`);
}

/** The characters of `text`, each a byte. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** Bytes from hex, blanks ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
}
