import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { GatewayError } from "../core/errors.ts";
import type { ListenSettings } from "../core/link.ts";

/** How long a request may take to come in whole, and a connection to rest, in milliseconds. */
const REQUEST_MS = 10_000;
const REST_MS = 30_000;
/** The most connections at a time. */
const CONNECTIONS_MAX = 32;

/** Answers a request; what it throws is a fault of the program. */
export type WebHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of pages. */
export type WebServer = {
  /** The port, also where a free one was asked for. */
  readonly port: number;
  close(): Promise<void>;
};

/** Serves HTTP. Rejects with `web.unusable` where the address cannot be listened on. */
export function serveWeb({ host, port }: ListenSettings, handle: WebHandler): Promise<WebServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, keepAliveTimeout: REST_MS }, handle);
  server.maxConnections = CONNECTIONS_MAX;
  // Whoever does not fetch what it asked for is let go.
  server.setTimeout(REST_MS);
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) => {
      const text = `cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new GatewayError("web.unusable", text, { cause }));
    };
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      // Such as no descriptor left to accept with: the gateway goes on.
      server.on("error", () => {});
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
