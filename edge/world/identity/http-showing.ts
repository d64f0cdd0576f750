import { GatewayError } from "../../core/errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../core/http.ts";
import type { SessionCertificate, TlsSettings } from "../../core/uplink.ts";
import { isUnreached, type Showing, showingsOf } from "./identity-tls.ts";

/**
 * Statuses that may be of the certificate: those of RFC 9110 for who may not, 400 as nginx answers
 * one that it does not trust, and the 495 and 496 by which nginx names that itself.
 */
const DENIED: ReadonlySet<number> = new Set([400, 401, 403, 495, 496]);

/**
 * A client that shows the gateway's identity as `tls` asks; `open` makes one for each certificate.
 * Rejects as `open` does.
 */
export async function clientShowing(
  tls: TlsSettings,
  open: (tls: TlsSettings) => Promise<HttpClient>,
): Promise<HttpClient> {
  let client: HttpClient | null = null;
  for (const showing of showingsOf(tls).toReversed()) {
    client = new ShowingClient(showing, await open(showing.tls), client);
  }
  if (client === null) throw new GatewayError("uplink.secret", "the gateway has no identity yet");
  return client;
}

/**
 * Shows a certificate that may not be taken yet. What the server denies is sent again with the one
 * before: where that is answered better it is shown for the rest of the session, and where it is
 * not, it is not for the certificate. A certificate has worked once a message was taken by it. What
 * was sent and not answered may have been taken, and is not sent again from here.
 */
class ShowingClient implements HttpClient {
  readonly #showing: Showing;
  readonly #client: HttpClient;
  readonly #older: HttpClient | null;
  /** Why the one before is shown; null while it is not. */
  #refused: string | null = null;
  #hasWorked = false;

  constructor(showing: Showing, client: HttpClient, older: HttpClient | null) {
    this.#showing = showing;
    this.#client = client;
    this.#older = older;
  }

  get own(): SessionCertificate | undefined {
    if (this.#refused === null) return this.#client.own;
    const own = this.#older?.own;
    return own && { newerRefused: this.#refused, ...own };
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const older = this.#older;
    if (this.#refused !== null && older !== null) return await older.send(request);
    let answer: HttpAnswer;
    try {
      answer = await this.#client.send(request);
    } catch (error) {
      if (older === null || this.#hasWorked || !isRefusal(error, request)) throw error;
      const other = await older.send(request);
      this.#refused ??= error.message;
      return other;
    }
    if (request.method === "POST" && answer.status >= 200 && answer.status < 300) this.#works();
    if (older === null || this.#hasWorked || !DENIED.has(answer.status)) return answer;
    const other = await older.send(request);
    if (DENIED.has(other.status)) return answer;
    this.#refused ??= `the server answers ${answer.status}: ${answer.said}`;
    return other;
  }

  async renew(): Promise<void> {
    await this.#client.renew();
    await this.#older?.renew();
  }

  close(): void {
    this.#client.close();
    this.#older?.close();
  }

  #works(): void {
    if (this.#hasWorked) return;
    this.#hasWorked = true;
    this.#showing.taken();
  }
}

/** Whether nobody can have taken what was sent: the line was refused, or it was a question only. */
function isRefusal(error: unknown, { method }: HttpRequest): error is GatewayError {
  if (!(error instanceof GatewayError) || isUnreached(error)) return false;
  return method === "HEAD" || error.code === "uplink.client-certificate";
}
