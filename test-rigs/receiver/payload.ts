import { zstdDecompressSync } from "node:zlib";
import { decode } from "cbor2";
import { toJson } from "../../edge/core/json.ts";

/** The first bytes of a frame of zstd (RFC 8878, 3.1.1). */
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/** The most that a payload may be once it is no longer compressed, in bytes. */
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * The messages of a payload as JSON, however it was sent: its first byte says whether it is JSON,
 * CBOR, or a frame of zstd around either; an array holds several messages. What is none of them
 * comes back as it is, for whoever reads messages to refuse.
 */
export function messagesOf(payload: Uint8Array): readonly Uint8Array[] {
  try {
    return opened(payload);
  } catch {
    return [payload];
  }
}

function opened(payload: Uint8Array): readonly Uint8Array[] {
  const isCompressed = ZSTD.every((byte, i) => payload[i] === byte);
  const plain = isCompressed
    ? zstdDecompressSync(payload, { maxOutputLength: BYTES_MAX })
    : payload;
  // Major types 4 and 5, arrays and maps (RFC 8949, 3.1); none of these bytes begins a JSON text.
  const isCbor = (plain[0] ?? 0) >= 0x80 && (plain[0] ?? 0) <= 0xbf;
  if (isCbor) return jsonOf(decode(plain));
  return plain[0] === 0x5b ? jsonOf(parseJson(plain)) : [plain];
}

function jsonOf(content: unknown): readonly Uint8Array[] {
  const messages = Array.isArray(content) ? content : [content];
  return messages.map((message) => new TextEncoder().encode(toJson(message)));
}

type Source = { readonly source: string };

/** Whole numbers beyond 2^53 kept exact. */
function parseJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return JSON.parse(text, (_: string, part: unknown, context?: Source): unknown => {
    const isRounded = typeof part === "number" && !Number.isSafeInteger(part);
    return isRounded && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context!.source) : part;
  });
}
