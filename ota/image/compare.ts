import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Layout, MIB, type Room } from "./layout.ts";

/** How a part of one image compares with the same of another. */
export type Comparison = {
  /** The partition; `table` is what lies before them. */
  readonly part: Room | "table";
  readonly bytes: number;
  /** Where they begin to differ, in bytes from the beginning of the image; null where they do not. */
  readonly differsAt: number | null;
};

/** Compares two images of one `layout`, part by part. Both end with their last part. */
export function compareImages(layout: Layout, one: string, other: string): readonly Comparison[] {
  const sizes = [one, other].map((file) => statSync(file).size);
  const end = Math.max(...sizes);
  const parts = [
    { room: "table", start: 0, bytes: layout.partitions[0]?.start ?? 0 } as const,
    ...layout.partitions,
  ];
  return parts
    .filter(({ start }) => start < end)
    .map(({ room: part, start, bytes: room }) => {
      const bytes = Math.min(room, end - start);
      return { part, bytes, differsAt: firstDifference(one, other, start, bytes) };
    });
}

function firstDifference(one: string, other: string, start: number, bytes: number): number | null {
  const handles = [openSync(one, "r"), openSync(other, "r")] as const;
  const blocks = [Buffer.alloc(MIB), Buffer.alloc(MIB)] as const;
  try {
    for (let at = start; at < start + bytes; at += MIB) {
      const length = Math.min(MIB, start + bytes - at);
      const [first, second] = handles.map((handle, i) => {
        const block = blocks[i] ?? Buffer.alloc(0);
        return block.subarray(0, readSync(handle, block, 0, length, at));
      });
      if (first === undefined || second === undefined || first.equals(second)) continue;
      const within = first.findIndex((byte, i) => byte !== second[i]);
      return at + (within < 0 ? first.length : within);
    }
    return null;
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}

/** So many files are named: the first ones tell what it is. */
const NAMED_MAX = 20;

/** Which files differ below the folders that two builds worked in, as diff(1) says it. */
export function differingFiles(one: string, other: string): readonly string[] {
  const rooms = ["root", "boot-a", "selector", "initramfs"];
  const told = rooms.flatMap((room) => {
    const args = ["-rq", "--no-dereference", join(one, room), join(other, room)];
    return spawnSync("diff", args, { encoding: "utf8", maxBuffer: 100 * MIB }).stdout.split("\n");
  });
  return told.filter(Boolean).slice(0, NAMED_MAX);
}
