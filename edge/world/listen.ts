import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { GatewayError } from "../core/errors.ts";
import type { Link, Listener, ListenSettings } from "../core/link.ts";
import { KEEP_ALIVE_MS, TcpLink } from "./tcp.ts";

/** The most connections at one time; more are closed at once. */
const CONNECTIONS_MAX = 256;

/** How an IPv4 address reads that calls a listener for both families. */
const MAPPED = /^::ffff:(?=\d+\.)/;

/**
 * Takes TCP connections until `signal` aborts; each is handed to `onCall` as a `Link`, with the IP
 * address that it comes from. Rejects with `link.refused`.
 */
export function listenTcp(
  settings: ListenSettings,
  onCall: (link: Link, address: string) => void,
  signal: AbortSignal,
): Promise<Listener> {
  const { host, port } = settings;
  return new Promise((resolve, reject) => {
    const refuse = (why: string, cause?: Error) => {
      const text = `cannot listen on ${host}:${port}: ${why}`;
      reject(new GatewayError("link.refused", text, { cause }));
    };
    if (signal.aborted) return refuse("stopped");
    const server = createServer({ noDelay: true, keepAlive: true, ...KEEP_ALIVE });
    server.maxConnections = CONNECTIONS_MAX;
    server.once("error", (error) => refuse(error.message, error));
    server.on("connection", (socket) => take(socket, onCall));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve(new TcpListener(server, signal));
    });
  });
}

const KEEP_ALIVE = { keepAliveInitialDelay: KEEP_ALIVE_MS };

function take(socket: Socket, onCall: (link: Link, address: string) => void): void {
  const { remoteAddress } = socket;
  // A caller that has hung up already has no address any more.
  if (remoteAddress === undefined) socket.destroy();
  else onCall(new TcpLink(socket), remoteAddress.replace(MAPPED, ""));
}

class TcpListener implements Listener {
  readonly port: number;
  readonly closed: Promise<string>;
  readonly #server: Server;
  readonly #tellClosed: (why: string) => void;

  constructor(server: Server, signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#tellClosed = resolve;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("error", (error) => {
      this.#tellClosed(error.message);
      this.close();
    });
    signal.addEventListener("abort", () => this.close(), { once: true });
    if (signal.aborted) this.close();
  }

  close(): void {
    this.#tellClosed("closed by the gateway");
    this.#server.close();
  }
}
