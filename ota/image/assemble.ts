import {
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { type Layout, MIB, partitionOf, type Room, tableScript } from "./layout.ts";
import { runTool } from "./tool.ts";

/** What an image is put together from. */
export type ImageParts = {
  readonly file: string;
  readonly layout: Layout;
  /** What it is called: the same name is the same identifiers. */
  readonly name: string;
  /** What partitions hold, each a file; one that is not named is left as the card has it. */
  readonly content: Readonly<Partial<Record<Room, string>>>;
};

/**
 * Puts an image together: the partition table, and behind it what partitions hold. The file ends with
 * the last of them, though the table goes on. The second copy of the table is left out; the first
 * boot writes it to the end of the card. Throws where something does not fit.
 */
export function assemble({ file, layout, name, content }: ImageParts): void {
  const beside = `${file}.new`;
  rmSync(beside, { force: true });
  writeFileSync(beside, "");
  truncateSync(beside, layout.bytes);
  runTool("sfdisk", ["--quiet", beside], { input: tableScript(layout, name) });
  let end = MIB;
  const handle = openSync(beside, "r+");
  try {
    for (const [room, from] of Object.entries(content) as [Room, string][]) {
      const { start, bytes } = partitionOf(layout, room);
      const size = statSync(from).size;
      if (size > bytes) throw new Error(`${room} has ${bytes} bytes; ${from} is ${size} long`);
      copyAt(from, handle, start);
      end = Math.max(end, start + size);
    }
    fsyncSync(handle);
  } catch (error) {
    rmSync(beside);
    throw error;
  } finally {
    closeSync(handle);
  }
  truncateSync(beside, Math.ceil(end / MIB) * MIB);
  renameSync(beside, file);
}

/** Empty blocks stay holes. */
function copyAt(from: string, to: number, start: number): void {
  const source = openSync(from, "r");
  const block = Buffer.alloc(MIB);
  try {
    for (let at = 0; ; ) {
      const read = readSync(source, block, 0, MIB, at);
      if (read === 0) return;
      const part = block.subarray(0, read);
      if (part.some((byte) => byte !== 0)) writeSync(to, part, 0, read, start + at);
      at += read;
    }
  } finally {
    closeSync(source);
  }
}
