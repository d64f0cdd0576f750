import { createHash } from "node:crypto";
import { constants as fsConstants } from "node:fs";
import { open } from "node:fs/promises";
import { constants, createZstdDecompress } from "node:zlib";
import { GatewayError, messageOf } from "../../edge/core/errors.ts";
import type { Wanted } from "../delta/apply.ts";

/** So far back a frame may reach, as a power of two: what decompressing takes of memory hangs on it. */
const WINDOW_LOG_MAX = 25;

/** So much is read at once. */
const PART_BYTES = 262_144;

/**
 * Writes `out`, which is what stands compressed in `archive` (Zstandard; RFC 8878), and resolves when
 * it is what is `wanted` and on the disk. Stops at the length that was signed, whatever the archive
 * would become. Rejects with `ota.malformed`, `ota.length` or `ota.hash`, the reason of `signal`, or
 * what the system says. What then stands at `out` is of no use.
 */
export async function unpackArchive(
  archive: string,
  out: string,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = fsConstants;
  await using file = await open(out, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  const sum = createHash("sha256");
  let length = 0;
  for await (const part of decompressed(archive)) {
    signal.throwIfAborted();
    length += part.length;
    if (length > wanted.length)
      throw new GatewayError("ota.length", "the archive becomes too much");
    sum.update(part);
    await file.writeFile(part);
  }
  if (length < wanted.length) {
    const why = `the archive becomes ${length} of ${wanted.length} bytes`;
    throw new GatewayError("ota.length", why);
  }
  if (sum.digest("hex") !== wanted.sha256) {
    throw new GatewayError(
      "ota.hash",
      "the archive holds another file than the one that was signed",
    );
  }
  await file.sync();
}

async function* decompressed(archive: string): AsyncGenerator<Buffer> {
  await using file = await open(archive, "r");
  const packed = file.createReadStream({ highWaterMark: PART_BYTES, autoClose: false });
  const params = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX };
  const unpack = createZstdDecompress({ params });
  packed.on("error", (error) => unpack.destroy(error));
  try {
    for await (const part of packed.pipe(unpack)) yield part as Buffer;
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
    const why = `the archive cannot be decompressed: ${messageOf(error)}`;
    throw new GatewayError("ota.malformed", why, { cause: error });
  } finally {
    packed.destroy();
    unpack.destroy();
  }
}
