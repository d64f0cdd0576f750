import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Audit } from "./audit.ts";
import { messagesOf } from "./payload.ts";

/** What the server does with a request: its status, and how long it asks to wait. */
type Mood = { readonly status: number; readonly retryAfterS?: number };

/** A centre that takes each message as a POST, as moody as it is told to be. */
export class HttpCentre {
  mood: Mood = { status: 204 };
  readonly audit = new Audit();
  /** The one listener for each message as it came, before it is answered. */
  onPayload: ((topic: string, message: Uint8Array) => void) | null = null;
  /** Idempotency keys and authorisations that came. */
  readonly keys = new Set<string>();
  readonly tokens = new Set<string | undefined>();
  refused = 0;
  readonly #server = createServer((request, response) => {
    void this.#take(request).then(() => {
      const { status, retryAfterS } = this.mood;
      const headers = retryAfterS === undefined ? {} : { "Retry-After": `${retryAfterS}` };
      response.writeHead(request.method === "POST" ? status : 405, headers).end();
    });
  });

  /** Resolves with its port at `address`. */
  async listen(port = 0, address = "127.0.0.1"): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, address, resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method !== "POST") return;
    const { "lifeline-topic": topic = "", "idempotency-key": key } = request.headers;
    this.tokens.add(request.headers.authorization);
    if (this.mood.status >= 300) {
      this.refused++;
      return;
    }
    if (key !== undefined) this.keys.add(String(key));
    for (const message of messagesOf(Buffer.concat(parts))) {
      this.onPayload?.(String(topic), message);
      this.audit.take(String(topic), message);
    }
  }
}
