import { GatewayError } from "../../core/errors.ts";
import type { HttpAnswer, HttpClient } from "../../core/http.ts";
import { after, type Clock, type UptimeMs } from "../../core/time.ts";
import type { Outgoing, PublishOutcome, SessionCertificate, Uplink } from "../../core/uplink.ts";

/**
 * What a status (RFC 9110, 15) means for the message that was sent:
 *
 * - `accepted`: 2xx. The same key again is the server's to recognise.
 * - `later`: the server cannot now, or takes no more now: 408, 409 (the same key is being worked
 *   on), 425, 429 and 5xx but 501 and 505. All waits, for as long as it asks.
 * - `refused`: any other. The message is held back and tried again, less and less often: it is
 *   never thrown away, because what is wrong may be the address or the credentials.
 */
export function classOf(status: number): "accepted" | "later" | "refused" {
  if (status >= 200 && status < 300) return "accepted";
  if ([408, 409, 425, 429].includes(status)) return "later";
  return status >= 500 && status !== 501 && status !== 505 ? "later" : "refused";
}

/** Statuses that say of the credentials that they do not do. */
const DENIED: readonly number[] = [401, 403];

/** `text` as a header can carry it: percent-encoded as in a url where it is not plain ASCII. */
export function headerText(text: string): string {
  const encode = (found: string) => encodeURIComponent(found.toWellFormed());
  return text.replaceAll(/[^\x21-\x24\x26-\x7e]+/g, encode);
}

/** The longest that a server is waited for because it asks to, in milliseconds. */
const PAUSE_MAX_MS = 3_600_000;

export type HttpSessionParts = {
  readonly clock: Clock;
  readonly open: () => Promise<HttpClient>;
  /** A message was refused with this status, and what the server said to it. */
  readonly onRefused: (status: number, said: string) => void;
};

/**
 * Why a HEAD shows nothing: the server took no message `later`, or one got no answer and was `lost`.
 * Null where neither was so last.
 */
type Doubt = "later" | "lost" | null;

/** The way to one server, session by session: what it asked for outlasts them. */
export class HttpSessions {
  readonly #parts: HttpSessionParts;
  #pauseUntil = 0 as UptimeMs;
  #doubt: Doubt = null;

  constructor(parts: HttpSessionParts) {
    this.#parts = parts;
  }

  /**
   * Asks the server whether it is there, once it may be asked again. Resolves with a session that
   * lasts until a request is not answered, or the server asks for a pause; it is doubtful where the
   * one before ended so. Rejects with `uplink.refused`.
   */
  async connect(signal: AbortSignal): Promise<Uplink> {
    const { clock, open } = this.#parts;
    const pauseMs = this.#pauseUntil - clock.uptime();
    if (pauseMs > 0) await this.#sleep(pauseMs, signal);
    const client = await open();
    const stop = () => client.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const answer = await client.send({ method: "HEAD", headers: {}, body: "" });
      // Any other answer shows that it is there: few know HEAD where they take POST.
      if (classOf(answer.status) === "later") throw this.#paused(answer);
      return new HttpUplink(client, this.#parts, this.#doubt, {
        onLater: (said) => {
          this.#doubt = "later";
          return this.#paused(said).message;
        },
        onLost: () => {
          this.#doubt ??= "lost";
        },
        onTaken: () => {
          this.#doubt = null;
        },
      });
    } catch (error) {
      client.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#parts.clock.sleep(ms, signal).catch((cause) => {
      throw new GatewayError("uplink.refused", "stopped", { cause });
    });
  }

  /** Notes until when nothing is to be sent. */
  #paused({ status, retryAfterMs, said }: HttpAnswer): GatewayError {
    const waitMs = Math.min(retryAfterMs ?? 0, PAUSE_MAX_MS);
    this.#pauseUntil = after(this.#parts.clock.uptime(), waitMs);
    const asked = waitMs > 0 ? `, and asks to wait ${Math.ceil(waitMs / 1000)} s` : "";
    const text = `the server answers ${status}${asked}${said === "" ? "" : `: ${said}`}`;
    return new GatewayError("uplink.refused", text);
  }
}

type HttpNews = {
  /** The server takes no message now; returns why, for people. */
  readonly onLater: (answer: HttpAnswer) => string;
  /** It has not answered a message. */
  readonly onLost: () => void;
  /** It has said of a message whether it takes that. */
  readonly onTaken: () => void;
};

/** One session: requests of their own, which nothing but the kept connections joins. */
class HttpUplink implements Uplink {
  readonly closed: Promise<string>;
  readonly #client: HttpClient;
  readonly #parts: HttpSessionParts;
  readonly #news: HttpNews;
  readonly #end: (why: string) => void;
  #doubt: Doubt;

  constructor(client: HttpClient, parts: HttpSessionParts, doubt: Doubt, news: HttpNews) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.#client = client;
    this.#parts = parts;
    this.#doubt = doubt;
    this.#news = news;
    this.#end = (why) => {
      resolve(why);
      client.close();
    };
  }

  /** Whether no message shows yet that it takes any. */
  get isDoubtful(): boolean {
    return this.#doubt !== null;
  }

  /** One at a time while it took none; that one got no answer must not keep the others waiting. */
  get receiveMaximum(): number {
    return this.#doubt === "later" ? 1 : 65_535;
  }

  get certificates(): readonly SessionCertificate[] {
    const { own } = this.#client;
    return own === undefined ? [] : [own];
  }

  async publish(message: Outgoing): Promise<PublishOutcome> {
    const { topic, payload, key, contentType = "application/json" } = message;
    const { onRefused } = this.#parts;
    // Over HTTP a compression is told of by itself (RFC 9110, 8.4).
    const [type = "", compression] = contentType.split("+");
    const headers = {
      "Content-Type": type,
      ...(compression === undefined ? {} : { "Content-Encoding": compression }),
      "Lifeline-Topic": headerText(topic),
      // The same key is always the same bytes, so that a server may drop what it has.
      ...(key === undefined ? {} : { "Idempotency-Key": `"${key}"` }),
    };
    try {
      const answer = await this.#client.send({ method: "POST", headers, body: payload });
      const outcome = classOf(answer.status);
      if (outcome !== "later") {
        this.#doubt = null;
        this.#news.onTaken();
      }
      if (outcome === "accepted") return "accepted";
      if (outcome === "later") this.#end(this.#news.onLater(answer));
      else {
        onRefused(answer.status, answer.said);
        // The token may be another by now.
        if (DENIED.includes(answer.status)) await this.#client.renew();
      }
      return "failed";
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#news.onLost();
      this.#end(error.message);
      return "failed";
    }
  }

  /** Nothing comes by this way. */
  subscribe(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Every request is answered for itself. */
  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.abandon();
    return Promise.resolve();
  }

  abandon(): void {
    this.#end("the gateway ended it");
  }
}
