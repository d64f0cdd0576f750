import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IMAGE_ABOUT, type ImageAbout, imageAboutIn } from "../../edge/core/image-about.ts";
import { fileOnSelector } from "./card-file.ts";
import { cardTableIn } from "./card-table.ts";

/** Within them lies the partition table. */
const TABLE_BYTES = 65_536;

/** Rejects with `card.image` where `parts` are not those of an image for a card: by its beginning alone. */
export async function checkBeginning(parts: AsyncIterable<Uint8Array>): Promise<void> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts) {
    held.push(part);
    length += part.length;
    if (length >= TABLE_BYTES) break;
  }
  cardTableIn(Buffer.concat(held));
}

/**
 * What the image that `parts` are the bytes of says that it is; null where it does not say, as those of
 * before do not. Of the image no more is read than its first partition. Rejects with `card.image`.
 */
export async function imageAboutOf(parts: AsyncIterable<Uint8Array>): Promise<ImageAbout | null> {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-image-about-"));
  try {
    const file = join(folder, "head");
    writeFileSync(file, await headOf(parts));
    return imageAboutIn(fileOnSelector(file, IMAGE_ABOUT) ?? "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function headOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const held: Uint8Array[] = [];
  let [length, end] = [0, Number.POSITIVE_INFINITY];
  for await (const part of parts) {
    held.push(part);
    length += part.length;
    if (end === Number.POSITIVE_INFINITY && length >= TABLE_BYTES) {
      end = cardTableIn(Buffer.concat(held)).selector.end;
    }
    if (length >= end) break;
  }
  return Buffer.concat(held);
}
