import { readFileSync } from "node:fs";
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest, HttpSettings } from "../core/http.ts";

/** So much of an answer's body is kept for people, and so much is read before it is cut off. */
const SAID_BYTES = 300;
const BODY_MAX_BYTES = 65_536;
/** The most connections at once, and how long an idle one is kept. */
const SOCKETS_MAX = 4;
const IDLE_MS = 60_000;

/** Speaks with a server. Throws `uplink.refused` where a certificate cannot be read. */
export function openHttp(settings: HttpSettings): HttpClient {
  return new RealHttpClient(settings);
}

class RealHttpClient implements HttpClient {
  readonly #settings: HttpSettings;
  readonly #url: URL;
  readonly #agent: PlainAgent;
  readonly #closing = new AbortController();

  constructor(settings: HttpSettings) {
    this.#settings = settings;
    this.#url = new URL(settings.url);
    const kept = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS };
    this.#agent =
      this.#url.protocol === "https:"
        ? new TlsAgent({ ...kept, ...this.#certificates() })
        : new PlainAgent(kept);
  }

  send({ method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const { timeoutMs } = this.#settings;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([timeout, this.#closing.signal]);
    const send = this.#url.protocol === "https:" ? tlsRequest : plainRequest;
    return new Promise((resolve, reject) => {
      const refuse = (error: Error) => {
        reject(this.#refusal(this.#whyOf(timeout, error), error));
      };
      const sent = send(this.#url, {
        method,
        agent: this.#agent,
        signal,
        headers: {
          ...this.#settings.headers,
          ...headers,
          ...(method === "POST" ? { "Content-Length": Buffer.byteLength(body) } : {}),
        },
      });
      sent.on("error", refuse);
      sent.on("response", (answer) => {
        void answerOf(answer).then(resolve, refuse);
      });
      sent.end(method === "POST" ? body : undefined);
    });
  }

  close(): void {
    this.#closing.abort(new Error("stopped"));
    this.#agent.destroy();
  }

  #whyOf(timeout: AbortSignal, error: Error): string {
    if (this.#closing.signal.aborted) return "stopped";
    if (timeout.aborted) return `no answer within ${this.#settings.timeoutMs} ms`;
    return messageOf(error);
  }

  #certificates(): { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } {
    const { ca, cert, key } = this.#settings;
    const files = Object.entries({ ca, cert, key }).filter(([, file]) => file !== null);
    try {
      return Object.fromEntries(files.map(([name, file]) => [name, readFileSync(file as string)]));
    } catch (error) {
      throw this.#refusal(messageOf(error), error);
    }
  }

  #refusal(why: string, cause: unknown): GatewayError {
    const { origin, pathname } = this.#url;
    // What follows a "?" may be a secret.
    return new GatewayError("uplink.refused", `cannot reach ${origin}${pathname}: ${why}`, {
      cause,
    });
  }
}

async function answerOf(answer: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > BODY_MAX_BYTES) break;
  }
  const said = Buffer.concat(parts).subarray(0, SAID_BYTES).toString("utf8");
  const { statusCode: status = 0, headers } = answer;
  return { status, retryAfterMs: retryAfterMs(headers["retry-after"]), said };
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
