import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { Link, UdpSettings } from "../core/link.ts";

/**
 * Opens a socket to a UDP endpoint as a `Link`. It is connected, so that the kernel drops what
 * others send. Rejects with `link.refused`.
 */
export async function openUdp(settings: UdpSettings, signal: AbortSignal): Promise<Link> {
  const { host, port } = settings;
  let socket: Socket | null = null;
  try {
    const { address, family } = await lookup(host);
    signal.throwIfAborted();
    socket = createSocket(family === 6 ? "udp6" : "udp4");
    socket.connect(port, address);
    await once(socket, "connect", { signal });
    return new UdpLink(socket);
  } catch (error) {
    socket?.close();
    const text = `cannot reach ${host}:${port} over UDP: ${messageOf(error)}`;
    throw new GatewayError("link.refused", text, { cause: error });
  }
}

/** The endpoint, or a router on the way, says that nobody took the datagram: it is lost, no more. */
const LOST: ReadonlySet<string | undefined> = new Set(["ECONNREFUSED", "EHOSTUNREACH"]);

class UdpLink implements Link {
  onData: ((bytes: Uint8Array) => void) | null = null;
  readonly closed: Promise<string>;
  readonly #socket: Socket;
  readonly #tellClosed: (why: string) => void;
  #isOpen = true;

  constructor(socket: Socket) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
    this.#socket = socket;
    socket.on("message", (datagram) => this.onData?.(datagram));
    socket.on("error", (error) => this.#failed(error));
  }

  write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#socket.send(bytes, (error) => {
      if (error) this.#failed(error);
    });
  }

  close(): void {
    this.#end("closed by the gateway");
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (!LOST.has(error.code)) this.#end(error.message);
  }

  #end(why: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#tellClosed(why);
    this.#socket.close();
  }
}
