import { crc32 } from "node:zlib";
import { GatewayError } from "../../edge/core/errors.ts";

const SECTOR = 512;
const ENTRY_BYTES = 128;
/** No first partition ends later; what lies before its end is held in memory. */
const SELECTOR_END_MAX = 268_435_456;

/** What of the partition table of an image matters to who writes it. */
export type CardTable = {
  /** The least size of a card, in bytes. */
  readonly cardBytes: number;
  /** Where the partition begins and ends that makes a card a gateway's, in bytes. */
  readonly selector: { readonly start: number; readonly end: number };
};

/**
 * Reads the GPT at the beginning of an image (UEFI 2.10, 5.3). Throws `card.image` where there is none,
 * it is damaged, or it names no partition `selector` near its beginning.
 */
export function cardTableIn(head: Buffer): CardTable {
  const header = head.subarray(SECTOR, 2 * SECTOR);
  if (header.length < SECTOR || header.toString("latin1", 0, 8) !== "EFI PART") {
    throw new GatewayError("card.image", "there is no partition table (GPT) at its beginning");
  }
  if (!isWhole(head, header))
    throw new GatewayError("card.image", "its partition table is damaged");
  const cardBytes = (Number(header.readBigUInt64LE(32)) + 1) * SECTOR;
  const count = Math.min(header.readUInt32LE(80), 128);
  for (let i = 0; i < count; i++) {
    const entry = head.subarray(2 * SECTOR + i * ENTRY_BYTES).subarray(0, ENTRY_BYTES);
    if (entry.length < ENTRY_BYTES) break;
    const name = entry.toString("utf16le", 56).replace(/\0.*$/s, "");
    if (name !== "selector") continue;
    const start = Number(entry.readBigUInt64LE(32)) * SECTOR;
    const end = (Number(entry.readBigUInt64LE(40)) + 1) * SECTOR;
    if (start < end && end <= Math.min(cardBytes, SELECTOR_END_MAX)) {
      return { cardBytes, selector: { start, end } };
    }
    throw new GatewayError("card.image", "its partition selector does not lie at its beginning");
  }
  throw new GatewayError("card.image", "its table has no partition called selector");
}

/** Whether the table is what its two check sums say (UEFI 2.10, table 5.5). */
function isWhole(head: Buffer, header: Buffer): boolean {
  const length = Math.min(header.readUInt32LE(12), SECTOR);
  const own = Buffer.from(header.subarray(0, length));
  own.fill(0, 16, 20);
  const entriesBytes = header.readUInt32LE(80) * header.readUInt32LE(84);
  const entries = head.subarray(2 * SECTOR, 2 * SECTOR + entriesBytes);
  return crc32(own) === header.readUInt32LE(16) && crc32(entries) === header.readUInt32LE(88);
}
