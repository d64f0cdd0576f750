import { GatewayError } from "../../edge/core/errors.ts";
import {
  RepositoryBusy,
  type RepositoryFile,
  type RepositoryTransport,
} from "../../edge/core/repository.ts";
import type { Clock } from "../../edge/core/time.ts";

/** How a file is sent. */
export type Line = {
  /** Bytes of each part, and what each waits for, in milliseconds. */
  readonly partBytes: number;
  readonly partMs: number;
  /** The line is cut after so many bytes of one answer. */
  readonly cutAfterBytes?: number;
  /** The server begins at the first byte whatever it is asked for. */
  readonly isWithoutRange?: boolean;
  /** What the server calls the file; it goes on with that alone where it is asked so. */
  readonly tag?: string;
  /** It goes on with the file whatever it was called. */
  readonly isHeedless?: boolean;
  /** The server says how long the file is. */
  readonly isLengthTold?: boolean;
  /** So often it is busy before it answers, and for how long each time. */
  busy?: { times: number; readonly waitMs: number };
  /** Never ends: what stands there is sent again and again. */
  readonly isEndless?: boolean;
};

const FAST: Line = { partBytes: 4096, partMs: 0 };

/** Files in memory, at `mem://HOST/PATH`, sent over lines in virtual time. */
export class MemoryTransport implements RepositoryTransport {
  readonly #hosts: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>>;
  readonly #clock: Clock;
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** By the end of their address. */
  readonly lines = new Map<string, Line>();
  /** How many bytes were sent. */
  sentBytes = 0;
  /** The same by the address that was asked for. */
  readonly #sent = new Map<string, number>();
  isDown = false;
  /** Called with that after each part. */
  onSent: (sentBytes: number) => void = () => {};

  constructor(hosts: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>>, clock: Clock) {
    this.#hosts = hosts;
    this.#clock = clock;
  }

  /** How many bytes were sent of what has `part` in its address. */
  sentOf(part: string): number {
    const of = [...this.#sent].filter(([url]) => url.includes(part));
    return of.reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  open(
    url: string,
    from: number,
    signal: AbortSignal,
    tag?: string,
  ): Promise<RepositoryFile | null> {
    this.asked.push(url);
    if (this.isDown) return Promise.reject(new GatewayError("ota.unreachable", "down"));
    const { host, pathname } = new URL(url);
    const bytes = this.#hosts[host]?.get(decodeURIComponent(pathname.slice(1)));
    if (bytes === undefined) return Promise.resolve(null);
    const [, line = FAST] = [...this.lines].find(([end]) => url.endsWith(end)) ?? [];
    const { busy } = line;
    if (busy !== undefined && busy.times > 0) {
      busy.times -= 1;
      return Promise.reject(new RepositoryBusy("busy", busy.waitMs));
    }
    const isChanged = tag !== undefined && tag !== line.tag && line.isHeedless !== true;
    const start = line.isWithoutRange === true || isChanged ? 0 : from;
    const about = {
      ...(line.tag !== undefined && { tag: line.tag }),
      ...(line.isLengthTold === true && { length: bytes.length }),
    };
    return Promise.resolve({
      from: start,
      ...about,
      parts: this.#send(url, bytes, start, line, signal),
    });
  }

  async *#send(
    url: string,
    bytes: Uint8Array,
    start: number,
    line: Line,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { partBytes, partMs, cutAfterBytes = Number.POSITIVE_INFINITY } = line;
    for (let at = start, sent = 0; at < bytes.length || line.isEndless === true; ) {
      if (partMs > 0) await this.#clock.sleep(partMs, signal);
      const begin = at % bytes.length;
      const part = bytes.subarray(begin, begin + Math.min(partBytes, cutAfterBytes - sent));
      this.sentBytes += part.length;
      this.#sent.set(url, (this.#sent.get(url) ?? 0) + part.length);
      this.onSent(this.sentBytes);
      at += part.length;
      sent += part.length;
      yield part;
      if (sent >= cutAfterBytes) throw new GatewayError("ota.unreachable", "the line was cut");
    }
  }
}
