import type { UptimeMs } from "../core/time.ts";
import { newToken } from "../world/token.ts";

/** A session ends after so long without an order, and after so long at all, in milliseconds. */
const REST_MS = 15 * 60_000;
const LIFE_MS = 8 * 3_600_000;
/** The most sessions at a time; one more ends the oldest. */
const SESSIONS_MAX = 8;

/** Without `Secure`: there is no certificate for an address of the box's own Wi-Fi. */
const COOKIE = "lifeline-panel";
const COOKIE_RULES = "Path=/; HttpOnly; SameSite=Strict";

type Session = { readonly address: string; readonly since: UptimeMs; used: UptimeMs };

/** Who has typed the PIN: browsers that hold a token, each at the address that it was given to. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Opens a session for `address`; the cookie to set. */
  open(address: string, now: UptimeMs): string {
    this.#forget(now);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= SESSIONS_MAX && oldest !== undefined) this.#sessions.delete(oldest);
    const token = newToken();
    this.#sessions.set(token, { address, since: now, used: now });
    return `${COOKIE}=${token}; ${COOKIE_RULES}`;
  }

  /** Whether `cookies` hold the token of a session of `address`; where it `isUsed` it goes on. */
  has(cookies: string | undefined, address: string, now: UptimeMs, isUsed = false): boolean {
    this.#forget(now);
    const session = this.#sessions.get(tokenIn(cookies));
    if (session === undefined || session.address !== address) return false;
    if (isUsed) session.used = now;
    return true;
  }

  /** Ends the session in `cookies`; the cookie to set. */
  close(cookies: string | undefined): string {
    this.#sessions.delete(tokenIn(cookies));
    return `${COOKIE}=; Max-Age=0; ${COOKIE_RULES}`;
  }

  #forget(now: UptimeMs): void {
    for (const [token, { since, used }] of this.#sessions) {
      if (now - used > REST_MS || now - since > LIFE_MS) this.#sessions.delete(token);
    }
  }
}

function tokenIn(cookies = ""): string {
  const pairs = cookies.split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? "";
}
