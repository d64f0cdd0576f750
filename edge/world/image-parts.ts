import { createReadStream } from "node:fs";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { GatewayError, messageOf } from "../core/errors.ts";

/**
 * The bytes of the image in `file`, decompressed where its name ends in `.zst` or `.gz`. Rejects with
 * `card.image`.
 */
export async function* partsOfImage(file: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(file, { highWaterMark: 1_048_576 });
  const unpack = file.endsWith(".zst")
    ? createZstdDecompress()
    : file.endsWith(".gz")
      ? createGunzip()
      : null;
  if (unpack !== null) packed.on("error", (error) => unpack.destroy(error));
  try {
    for await (const part of unpack === null ? packed : packed.pipe(unpack)) yield part as Buffer;
  } catch (error) {
    throw new GatewayError("card.image", `${file}: ${messageOf(error)}`, { cause: error });
  } finally {
    packed.destroy();
  }
}
