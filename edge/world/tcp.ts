import { createConnection, type Socket } from "node:net";
import { GatewayError } from "../core/errors.ts";
import type { Link, TcpSettings } from "../core/link.ts";

/** How long a silent peer may be dead before the kernel asks, in milliseconds. */
export const KEEP_ALIVE_MS = 10_000;

/**
 * So many bytes may wait for a peer that does not read, besides what the kernel takes: far more than
 * all requests that may be under way, which are at most 260 bytes each.
 */
export const UNSENT_MAX = 65_536;

/**
 * What any connection reads into: Node would take 64 kB for each piece that comes, a few hundred
 * bytes as a rule, and leave holes in the memory where it gives the rest back.
 */
const READ = new Uint8Array(16_384);

/** Connects to a TCP endpoint as a `Link`. Rejects with `link.refused`. */
export function openTcp(settings: TcpSettings, signal: AbortSignal): Promise<Link> {
  const { host, port, connectTimeoutMs } = settings;
  return new Promise((resolve, reject) => {
    const refusal = (why: string, cause?: Error) =>
      new GatewayError("link.refused", `cannot connect to ${host}:${port}: ${why}`, { cause });
    if (signal.aborted) return reject(refusal("stopped"));
    let link: TcpLink | null = null;
    const callback = (length: number) => {
      link?.onData?.(READ.slice(0, length));
      return true;
    };
    const onread = { buffer: READ, callback };
    const socket = createConnection({ host, port, noDelay: true, onread });
    const refuse = (why: string, cause?: Error) => {
      socket.destroy();
      signal.removeEventListener("abort", onAbort);
      reject(refusal(why, cause));
    };
    const onAbort = () => refuse("stopped");
    const onError = (error: Error) => refuse(error.message, error);
    const onTimeout = () => refuse(`no answer within ${connectTimeoutMs} ms`);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.setTimeout(connectTimeoutMs, onTimeout);
    socket.once("error", onError);
    socket.once("connect", () => {
      signal.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      socket.off("timeout", onTimeout);
      socket.setTimeout(0);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      link = new TcpLink(socket);
      resolve(link);
    });
  });
}

/**
 * A TCP connection, whoever made it. It ends where more than `UNSENT_MAX` bytes wait to be sent: a
 * peer that never reads would else fill the memory.
 */
export class TcpLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #socket: Socket;
  readonly #tellClosed: (why: string) => void;

  constructor(socket: Socket) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#socket = socket;
    this.#tellClosed = resolve;
    socket.on("data", (bytes) => this.onData?.(bytes));
    socket.on("error", (error) => resolve(error.message));
    socket.on("end", () => resolve("the peer closed the connection"));
    socket.on("close", () => resolve("closed"));
  }

  write(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    const unsent = this.#socket.writableLength + bytes.length;
    if (unsent <= UNSENT_MAX) {
      this.#socket.write(bytes);
      return;
    }
    this.#tellClosed(`the peer does not read: ${unsent} bytes wait to be sent`);
    this.close();
  }

  close(): void {
    this.#socket.destroy();
  }
}
