import type { SecretText } from "./secret-text.ts";
import type { SessionCertificate, TlsSettings } from "./uplink.ts";

/** How requests reach a server. Secrets and files are read when it is opened. */
export type HttpSettings = {
  /** `http://` or `https://`, with the path that every request goes to. */
  readonly url: string;
  /** What every request carries beside what is its own. */
  readonly headers: Readonly<Record<string, SecretText>>;
  /** Heeded with `https`. */
  readonly tls: TlsSettings;
  /** From the start of a request to the end of its answer, connecting included, in milliseconds. */
  readonly timeoutMs: number;
};

/** One request. */
export type HttpRequest = {
  readonly method: "HEAD" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** What a server answered; its body is not read beyond what is told to people. */
export type HttpAnswer = {
  readonly status: number;
  /** The header `Retry-After` (RFC 9110, 10.2.3), in milliseconds from now; null without one. */
  readonly retryAfterMs: number | null;
  /** The beginning of the body, for people. */
  readonly said: string;
};

/** A server that is spoken to, over connections that are kept. */
export interface HttpClient {
  /** The gateway's certificate that is shown now; left out where none is. */
  readonly own?: SessionCertificate | undefined;
  /** Sends one request. Rejects with an `uplink` code where no answer came. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Reads the secrets again that its requests carry. Rejects with `uplink.secret`. */
  renew(): Promise<void>;
  /** Breaks off what is under way, and closes the connections. */
  close(): void;
}
