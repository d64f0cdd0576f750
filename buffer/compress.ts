import { constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** `body` in the form in which it is stored. */
export function compressed(body: Uint8Array): Uint8Array {
  return zstdCompressSync(body, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } });
}

/** What `compressed` was given; null where it is damaged, which may have made it anything. */
export function decompressed(body: unknown): Uint8Array | null {
  if (!(body instanceof Uint8Array)) return null;
  try {
    return zstdDecompressSync(body);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // The second says that the frame ends too early.
    if (!code.startsWith("ZSTD_error_") && code !== "Z_BUF_ERROR") throw error;
    return null;
  }
}
