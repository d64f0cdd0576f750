import { zstdCompressSync } from "node:zlib";
import { encode } from "cbor2";
import type { Outgoing } from "../core/uplink.ts";

/** How a payload of contract v1, which is JSON, goes over the wire. */
export type Encoding = {
  /** `cbor`: the same content in CBOR (RFC 8949), each number as short as it stays exact. */
  readonly encoding: "json" | "cbor";
  /** `zstd`: as one frame (RFC 8878), where that is shorter. */
  readonly compression: "none" | "zstd";
};

/** As contract v1 has it where nothing else is said. */
export const PLAIN: Encoding = { encoding: "json", compression: "none" };

/**
 * `json` as it goes over the wire. It says what it is: JSON begins with `{` or `[`, a map or an
 * array of CBOR with a byte of 0x80 to 0xbf, a frame of zstd with 28 b5 2f fd; and by its media
 * type, but for plain JSON. The same text and the same encoding are the same bytes, within one
 * release for `zstd`.
 */
export function encoded(
  json: string,
  { encoding, compression }: Encoding,
): Pick<Outgoing, "payload" | "contentType"> {
  const isCbor = encoding === "cbor";
  const plain = isCbor ? encode(contentOf(json)) : json;
  const contentType = isCbor ? "application/cbor" : "application/json";
  if (compression === "zstd") {
    const bytes = typeof plain === "string" ? new TextEncoder().encode(plain) : plain;
    const short = zstdCompressSync(bytes);
    if (short.length < bytes.length) return { payload: short, contentType: `${contentType}+zstd` };
  }
  return isCbor ? { payload: plain, contentType } : { payload: plain };
}

type Source = { readonly source: string };

/** The content of `json`; whole numbers beyond 2^53 keep all their digits. */
export function contentOf(json: string): unknown {
  // To look at the digits of each number takes several times as long.
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_: string, part: unknown, context?: Source): unknown => {
    const digits = context?.source ?? "";
    const isRounded = typeof part === "number" && !Number.isSafeInteger(part);
    return isRounded && /^-?\d+$/.test(digits) ? BigInt(digits) : part;
  });
}
