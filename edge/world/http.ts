import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { GatewayError } from "../core/errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest, HttpSettings } from "../core/http.ts";
import type { SessionCertificate } from "../core/uplink.ts";
import { uplinkFault } from "./mqtt-faults.ts";
import { readTls } from "./mqtt-tls.ts";
import { readSecret } from "./secret-text.ts";

/** So much of an answer's body is kept for people, and so much is read before it is cut off. */
const SAID_BYTES = 300;
const BODY_MAX_BYTES = 65_536;
/** The most connections at once, and how long an idle one is kept. */
const SOCKETS_MAX = 4;
const IDLE_MS = 60_000;

/** Opens the way to a server. Rejects with `uplink.secret` where a secret cannot be read. */
export async function openHttp(settings: HttpSettings): Promise<HttpClient> {
  const url = new URL(settings.url);
  const read = Object.entries(settings.headers).map(
    async ([name, text]) => [name, await readSecret(text)] as const,
  );
  const headers = Object.fromEntries(await Promise.all(read));
  const kept = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS };
  const { timeoutMs } = settings;
  if (url.protocol !== "https:") {
    return new RealHttpClient({ url, headers, timeoutMs, agent: new PlainAgent(kept), own: null });
  }
  const { options, own } = await readTls(settings.tls);
  const agent = new TlsAgent({ ...kept, ...options });
  return new RealHttpClient({ url, headers, timeoutMs, agent, own });
}

type Opened = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly agent: PlainAgent;
  readonly own: SessionCertificate | null;
};

class RealHttpClient implements HttpClient {
  readonly #opened: Opened;
  readonly #closing = new AbortController();

  constructor(opened: Opened) {
    this.#opened = opened;
  }

  send({ method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const { url, agent, timeoutMs } = this.#opened;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([timeout, this.#closing.signal]);
    const send = url.protocol === "https:" ? tlsRequest : plainRequest;
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown) => reject(this.#faultOf(timeout, error));
      const length = method === "POST" ? { "Content-Length": Buffer.byteLength(body) } : {};
      const all = { ...this.#opened.headers, ...headers, ...length };
      const sent = send(url, { method, agent, signal, headers: all });
      sent.on("error", refuse);
      sent.on("response", (answer) => {
        void answerOf(answer).then(resolve, refuse);
      });
      sent.end(method === "POST" ? body : undefined);
    });
  }

  close(): void {
    this.#closing.abort(new Error("stopped"));
    this.#opened.agent.destroy();
  }

  #faultOf(timeout: AbortSignal, error: unknown): GatewayError {
    const { url, own, timeoutMs } = this.#opened;
    // What follows a "?" may be a secret.
    const place = `${url.origin}${url.pathname}`;
    const told = (why: string) => {
      return new GatewayError("uplink.refused", `cannot reach ${place}: ${why}`, { cause: error });
    };
    if (this.#closing.signal.aborted) return told("stopped");
    if (timeout.aborted) return told(`no answer within ${timeoutMs} ms`);
    return uplinkFault(error, place, own);
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
