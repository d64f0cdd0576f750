import {
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  validateHeaderValue,
} from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { GatewayError } from "../core/errors.ts";
import { hideSecrets } from "../core/hide-secrets.ts";
import type { HttpAnswer, HttpClient, HttpRequest, HttpSettings } from "../core/http.ts";
import { shownUrl } from "../core/shown-url.ts";
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

/**
 * Opens the way to a server. Where that is shown the gateway's identity, and there is more than one
 * certificate of it, requests find out which the server takes. Rejects with `uplink.secret` where a
 * secret cannot be read.
 */
export async function openHttp(settings: HttpSettings): Promise<HttpClient> {
  if (settings.tls.identity === undefined) return await openOnce(settings);
  // Loaded where a destination shows it; the others do without.
  const { clientShowing } = await import("./identity/http-showing.ts");
  return await clientShowing(settings.tls, (tls) => openOnce({ ...settings, tls }));
}

async function openOnce(settings: HttpSettings): Promise<HttpClient> {
  const url = new URL(settings.url);
  const headersNow = () => readHeaders(settings.headers);
  const headers = await headersNow();
  const kept = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS };
  const { timeoutMs } = settings;
  if (url.protocol !== "https:") {
    const agent = new PlainAgent(kept);
    return new RealHttpClient({ url, headersNow, timeoutMs, agent, own: null }, headers);
  }
  const { options, own } = await readTls(settings.tls);
  const agent = new TlsAgent({ ...kept, ...options });
  return new RealHttpClient({ url, headersNow, timeoutMs, agent, own }, headers);
}

type Headers = Readonly<Record<string, string>>;

/** Rejects with `uplink.secret` where a secret cannot be read, or be carried by a header. */
async function readHeaders(texts: HttpSettings["headers"]): Promise<Headers> {
  const read = Object.entries(texts).map(async ([name, text]) => {
    const value = await readSecret(text);
    try {
      validateHeaderValue(name, value);
    } catch (cause) {
      // Its message does not repeat the value.
      const why = `what the header ${name} is to hold is not one line of plain characters`;
      throw new GatewayError("uplink.secret", why, { cause });
    }
    return [name, value] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

type Opened = {
  readonly url: URL;
  readonly headersNow: () => Promise<Headers>;
  readonly timeoutMs: number;
  readonly agent: PlainAgent;
  readonly own: SessionCertificate | null;
};

class RealHttpClient implements HttpClient {
  readonly #opened: Opened;
  #headers: Headers;
  readonly #closing = new AbortController();

  constructor(opened: Opened, headers: Headers) {
    this.#opened = opened;
    this.#headers = headers;
  }

  get own(): SessionCertificate | undefined {
    return this.#opened.own ?? undefined;
  }

  async renew(): Promise<void> {
    this.#headers = await this.#opened.headersNow();
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(this.#opened.timeoutMs);
    try {
      return await this.#send(request, timeout, false);
    } catch (error) {
      throw this.#faultOf(timeout, error);
    }
  }

  #send(request: HttpRequest, timeout: AbortSignal, isAgain: boolean): Promise<HttpAnswer> {
    const { method, headers, body } = request;
    const { url, agent } = this.#opened;
    const signal = AbortSignal.any([timeout, this.#closing.signal]);
    const send = url.protocol === "https:" ? tlsRequest : plainRequest;
    return new Promise((resolve, reject) => {
      const length = method === "POST" ? { "Content-Length": Buffer.byteLength(body) } : {};
      const all = { ...this.#headers, ...headers, ...length };
      const secrets = secretsIn(this.#headers);
      const sent = send(url, { method, agent, signal, headers: all });
      sent.on("error", (error) => {
        // The server has closed an idle connection just as it was used again: that says nothing.
        const isStale = sent.reusedSocket && !isAgain && !signal.aborted;
        if (isStale) this.#send(request, timeout, true).then(resolve, reject);
        else reject(error);
      });
      sent.on("response", (answer) => {
        void answerOf(answer, secrets).then(resolve, reject);
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
    const place = shownUrl(url.href);
    const told = (why: string) => {
      return new GatewayError("uplink.refused", `cannot reach ${place}: ${why}`, { cause: error });
    };
    if (this.#closing.signal.aborted) return told("stopped");
    if (timeout.aborted) return told(`no answer within ${timeoutMs} ms`);
    return uplinkFault(error, place, own);
  }
}

/** What of `headers` must not come back by the words of a server. */
function secretsIn({ Authorization: login = "" }: Headers): readonly string[] {
  return [login.replace(/^\S+ /, "")];
}

async function answerOf(answer: IncomingMessage, secrets: readonly string[]): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > BODY_MAX_BYTES) break;
  }
  // Hidden before it is cut: half a secret is still much of one.
  const whole = hideSecrets(Buffer.concat(parts).toString("utf8"), secrets);
  const said = Buffer.from(whole).subarray(0, SAID_BYTES).toString("utf8");
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
