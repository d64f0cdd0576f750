import { createHash } from "node:crypto";

/** Partitions begin at whole mebibytes, as erase blocks of cards do. */
export const MIB = 1_048_576;
const SECTOR = 512;

/** What a partition of a card is for; its name in the partition table too. */
export type Room = "selector" | "boot-a" | "boot-b" | "root-a" | "root-b" | "data";

/** A partition: where it lies, in bytes. */
export type Partition = {
  readonly room: Room;
  /** As firmware and kernel count. */
  readonly number: number;
  readonly start: number;
  readonly bytes: number;
};

/** How a card is divided. `bytes` is the least size of a card. */
export type Layout = { readonly partitions: readonly Partition[]; readonly bytes: number };

/** Sizes of the partitions, in whole mebibytes. */
export type Sizes = {
  readonly selector: number;
  readonly boot: number;
  readonly root: number;
  /** At least; the first boot grows it to the end of the card. */
  readonly data: number;
};

/** The sizes of a card for the field: 4 GB are enough, and a root may grow to twice what it is. */
export const FIELD_SIZES: Sizes = { selector: 32, boot: 128, root: 768, data: 1024 };

/** As autoboot.txt and the kernel's command line name them, whatever their order on the card. */
const NUMBERS: Readonly<Record<Room, number>> = {
  selector: 1,
  "boot-a": 2,
  "boot-b": 3,
  "root-a": 4,
  "root-b": 5,
  data: 6,
};

/**
 * The partitions of a card. The first set lies before the second: an image ends where the first does,
 * and what it does not hold need not be written to a card.
 */
export function layoutOf({ selector, boot, root, data }: Sizes): Layout {
  const sizes: readonly (readonly [Room, number])[] = [
    ["selector", selector],
    ["boot-a", boot],
    ["root-a", root],
    ["boot-b", boot],
    ["root-b", root],
    ["data", data],
  ];
  const partitions: Partition[] = [];
  let start = MIB;
  for (const [room, mib] of sizes) {
    partitions.push({ room, number: NUMBERS[room], start, bytes: mib * MIB });
    start += mib * MIB;
  }
  // The last mebibyte is for the second copy of the partition table.
  return { partitions, bytes: start + MIB };
}

/** The partition for `room`. */
export function partitionOf({ partitions }: Layout, room: Room): Partition {
  const found = partitions.find((each) => each.room === room);
  if (found === undefined) throw new Error(`no partition for ${room}`);
  return found;
}

/** Microsoft basic data, and Linux file system data (UEFI 2.10, 5.3.3). */
const TYPES = {
  fat: "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",
  linux: "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
} as const;

/**
 * What sfdisk is told to make of a card: a GPT, which the firmware of a Raspberry Pi 4 and 5 reads.
 * The same `name` is the same identifiers.
 */
export function tableScript({ partitions }: Layout, name: string): string {
  const lines = partitions.map(({ room, number, start, bytes }) => {
    const type = room === "selector" || room.startsWith("boot") ? TYPES.fat : TYPES.linux;
    const where = `start=${start / SECTOR}, size=${bytes / SECTOR}`;
    return `${number} : ${where}, type=${type}, uuid=${uuidOf(`${name}/${room}`)}, name="${room}"`;
  });
  return ["label: gpt", `label-id: ${uuidOf(name)}`, "unit: sectors", ...lines, ""].join("\n");
}

/** A UUID that is the same for the same `name` (RFC 9562, 5.8). */
export function uuidOf(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex").toUpperCase();
  const ends = [8, 12, 16, 20, 32];
  return ends.map((end, i) => hex.slice(ends[i - 1] ?? 0, end)).join("-");
}

/** A volume identifier of 32 bits that is the same for the same `name`. */
export function volumeIdOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0);
}
