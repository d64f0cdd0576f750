import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readIfThere, writeDurably } from "./durable.ts";
import { type Floor, joined, NO_FLOOR } from "./floor.ts";

/** Where the two copies of the floor stand: not in one folder with the metadata. */
export type FloorFiles = readonly [string, string];

/**
 * The floor of both copies; what is torn or missing does not count. With neither, where a gateway
 * begins. Throws what the system says where a copy is there and cannot be read.
 */
export function readFloor(files: FloorFiles): Floor {
  const copies = files.map((file) => parseFloor(readIfThere(file)));
  return copies.reduce<Floor>(
    (floor, copy) => (copy === null ? floor : joined(floor, copy)),
    NO_FLOOR,
  );
}

/** Writes both copies, one after the other: whatever is cut off, one is whole. */
export function writeFloor(files: FloorFiles, floor: Floor): void {
  const text = JSON.stringify(floor);
  const bytes = Buffer.from(`${sumOf(text)} ${text}\n`);
  for (const file of files) {
    if (readIfThere(file)?.equals(bytes) === true) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeDurably(file, bytes);
  }
}

function parseFloor(bytes: Buffer | null): Floor | null {
  const [, sum, text = ""] = /^([0-9a-f]{64}) (.*)\n$/.exec(bytes?.toString("utf8") ?? "") ?? [];
  return sum === sumOf(text) ? { ...NO_FLOOR, ...(JSON.parse(text) as Floor) } : null;
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
