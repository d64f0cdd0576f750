declare global {
  interface JSON {
    /** ECMAScript proposal "JSON.parse source text access", in V8 since 11.4. */
    rawJSON(text: string): unknown;
  }
}

/** `value` as JSON text; integers beyond 2^53 are written with all their digits. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? bigJson(part) : part));
}

/** What `JSON.stringify` writes as the digits of `value`. */
export function bigJson(value: bigint): unknown {
  return JSON.rawJSON(String(value));
}
