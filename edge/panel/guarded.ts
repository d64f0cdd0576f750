import { isIP } from "node:net";
import type { WebRequest } from "../world/web-exchange.ts";

/**
 * What goes with every answer: a browser loads nothing from elsewhere, runs no text as a program,
 * shows the page in no other, and keeps nothing of it.
 */
export const GUARD_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/**
 * Whether the request names this box as a browser at the box does: by address, or by a name that
 * nobody on the internet can own. A page elsewhere could lead its own name to this address and read
 * along (DNS rebinding).
 */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isIP(name) > 0 || /^[a-z0-9-]+(\.local)?$/i.test(name);
}

/** What a page of this box sends with every order; no form and no link of another can. */
const MARK = "x-lifeline-panel";

/** Whether an order comes from a page of this box, and not from one elsewhere in the same browser. */
export function isOwnOrder({ headers }: WebRequest): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (headers[MARK] !== "1" || headers["content-type"] !== "application/json") return false;
  if (site !== undefined && site !== "same-origin") return false;
  return origin === undefined || origin === `http://${host}`;
}
