import type { IncomingMessage } from "node:http";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { RepositoryBusy, type RepositoryFile } from "../core/repository.ts";
import { shownUrl } from "../core/shown-url.ts";

/** What is read beyond the end of a file. */
const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // Ends at once.
  },
};

/** So often one is sent elsewhere for one file, at the most. */
const REDIRECTS_MAX = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What a server that is busy waits for where it does not say, and the most that it is believed. */
const BUSY_MS = 60_000;
const BUSY_MAX_MS = 86_400_000;

/**
 * What is fetched is public, and signed: keys against tomorrow's computers, of 2 kB for each
 * connection, are not worth it on a line that is cut every minute.
 */
const CURVES = "X25519:P-256";

/** So much may lie between the line and whoever reads, in bytes. */
const QUEUE_MAX_BYTES = 131_072;

/** What is asked for, and by what it is known to be the same. */
export type Request = {
  readonly from: number;
  readonly tag: string | undefined;
  /** PEM of the authorities to trust; undefined: the system's. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
};

/**
 * Reads what stands at `url` over HTTP; null where nothing does. Rejects as a `RepositoryBusy`, or
 * with what went wrong.
 */
export async function openHttp(url: URL, request: Request): Promise<RepositoryFile | null> {
  const { from } = request;
  const answer = await redirected(url, request);
  const { statusCode: status = 0, headers } = answer;
  const tag = strongTag(headers.etag);
  const about = { parts: partsOfAnswer(answer), ...(tag !== undefined && { tag }) };
  if (status === 200) return { from: 0, ...about, ...lengthOf(headers["content-length"]) };
  if (status === 206) return { ...rangeOf(headers["content-range"]), ...about };
  answer.destroy();
  // It ends before that byte: nothing more is to come (RFC 9110, 15.5.17).
  if (status === 416) return { from, parts: NOTHING };
  if (status === 404 || status === 403 || status === 410) return null;
  const why = `the server answers ${status}`;
  if (status !== 429 && status !== 503) throw new Error(why);
  throw new RepositoryBusy(`${shownUrl(url.href)}: ${why}`, waitOf(headers["retry-after"]));
}

/** The answer at `url`, or at where that sends one. */
async function redirected(url: URL, request: Request): Promise<IncomingMessage> {
  let at = url;
  for (let count = 0; ; count++) {
    const answer = await answerTo(at, request);
    if (!REDIRECTS.has(answer.statusCode ?? 0)) return answer;
    answer.destroy();
    if (count === REDIRECTS_MAX) throw new Error(`it is sent on more than ${REDIRECTS_MAX} times`);
    const to = URL.parse(answer.headers.location ?? "", at);
    if (to === null || !maySendOn(at, to)) {
      throw new Error(`it sends on to ${shownUrl(to?.href ?? "nowhere")}, which is not followed`);
    }
    at = to;
  }
}

/** To anywhere over TLS; in the clear only on the same host, and never away from TLS. */
function maySendOn(from: URL, to: URL): boolean {
  if (to.username !== "" || to.password !== "") return false;
  if (to.protocol === "https:") return true;
  return to.protocol === "http:" && from.protocol === "http:" && to.hostname === from.hostname;
}

function answerTo(url: URL, { from, tag, ca, signal }: Request): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? tlsRequest : plainRequest;
  const headers = {
    "Accept-Encoding": "identity",
    ...(from > 0 && { Range: `bytes=${from}-` }),
    ...(from > 0 && tag !== undefined && { "If-Range": tag }),
  };
  return new Promise((resolve, reject) => {
    // Each file on a connection of its own: a server of one thread is not held by an idle one.
    const options = { agent: false, headers, signal, ecdhCurve: CURVES };
    const sent = send(url, { ...options, ...(ca !== undefined && { ca }) });
    sent.on("error", reject);
    sent.on("response", resolve);
    sent.end();
  });
}

/** A weak tag is none: it does not tell that bytes are the same (RFC 9110, 13.1.5). */
function strongTag(etag: string | undefined): string | undefined {
  return etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : undefined;
}

function lengthOf(text: string | undefined): { readonly length?: number } {
  return text !== undefined && /^\d{1,15}$/.test(text) ? { length: Number(text) } : {};
}

/** RFC 9110, 14.4. Throws where the header is none that can be understood. */
function rangeOf(range: string | undefined): { readonly from: number; readonly length?: number } {
  const [, from, length] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? "") ?? [];
  if (from === undefined) throw new Error("the server does not say which bytes it sends");
  return { from: Number(from), ...lengthOf(length) };
}

/** In milliseconds. Seconds or a date (RFC 9110, 10.2.3). */
function waitOf(text: string | undefined): number {
  const ms = /^\d{1,9}$/.test(text ?? "")
    ? Number(text) * 1_000
    : Date.parse(text ?? "") - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), BUSY_MAX_MS) : BUSY_MS;
}

/** All that came, even where the line is cut behind it: over a slow line each part was dear. */
async function* partsOfAnswer(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let failure: unknown = null;
  let wake = () => {};
  // A stream that is destroyed forgets what nobody has taken yet: so it is taken as it comes.
  answer.on("data", (part: Buffer) => {
    queue.push(part);
    queuedBytes += part.length;
    if (queuedBytes >= QUEUE_MAX_BYTES) answer.pause();
    wake();
  });
  answer.on("error", (error) => {
    failure = error;
  });
  answer.on("close", () => wake());
  try {
    for (;;) {
      const part = queue.shift();
      if (part !== undefined) {
        queuedBytes -= part.length;
        yield part;
      } else if (answer.closed) break;
      else {
        answer.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    answer.destroy();
  }
  if (failure !== null) throw failure;
}
