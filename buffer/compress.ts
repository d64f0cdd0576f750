import { constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { GatewayError } from "../edge/core/errors.ts";
import { noiseEnd } from "./encode.ts";

/** One level below takes 2 % more, three above 2 % less and twice the time. */
const LEVEL = 3;
/** What a stored batch begins with that was compressed whole (RFC 8878 3.1.1), as once all were. */
const ZSTD_MAGIC = 0x28;

/** The encoded batch `body` in the form in which it is stored: its noise as it is, the rest in zstd. */
export function compressed(body: Uint8Array): Uint8Array {
  const end = noiseEnd(body);
  const params = { [zlib.ZSTD_c_compressionLevel]: LEVEL };
  return Buffer.concat([body.subarray(0, end), zstdCompressSync(body.subarray(end), { params })]);
}

/** What `compressed` was given; null where it is damaged, which may have made it anything. */
export function decompressed(body: unknown): Uint8Array | null {
  if (!(body instanceof Uint8Array)) return null;
  try {
    if (body[0] === ZSTD_MAGIC) return zstdDecompressSync(body);
    const end = noiseEnd(body);
    return Buffer.concat([body.subarray(0, end), zstdDecompressSync(body.subarray(end))]);
  } catch (error) {
    if (error instanceof GatewayError) return null;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // The second says that the frame ends too early.
    if (!code.startsWith("ZSTD_error_") && code !== "Z_BUF_ERROR") throw error;
    return null;
  }
}
