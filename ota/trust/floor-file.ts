import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readIfThere, writeDurably } from "./durable.ts";
import { type Floor, joined, NO_FLOOR } from "./floor.ts";

/** Where the two copies of the floor stand: not in one folder with the metadata. */
export type FloorFiles = readonly [string, string];

/**
 * The floor of both copies; what is torn, missing or on a bad spot of the disk does not count. With
 * neither, where a gateway begins. Throws what the system says where it keeps the only copy back.
 */
export function readFloor(files: FloorFiles): Floor {
  let floor: Floor | null = null;
  let fault: unknown = null;
  for (const file of files) {
    try {
      const copy = parseFloor(readIfThere(file));
      if (copy !== null) floor = joined(floor ?? copy, copy);
    } catch (error) {
      fault = error;
    }
  }
  if (floor === null && fault !== null) throw fault;
  return floor ?? NO_FLOOR;
}

/**
 * Writes both copies, one after the other: whatever is cut off, one is whole. Throws what the system
 * says where one cannot be written.
 */
export function writeFloor(files: FloorFiles, floor: Floor): void {
  const text = JSON.stringify(floor);
  const bytes = Buffer.from(`${sumOf(text)} ${text}\n`);
  for (const file of files) {
    if (isThere(file, bytes)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeDurably(file, bytes);
  }
}

/** Not where it cannot be read: then it is written anew. */
function isThere(file: string, bytes: Buffer): boolean {
  try {
    return readIfThere(file)?.equals(bytes) === true;
  } catch {
    return false;
  }
}

function parseFloor(bytes: Buffer | null): Floor | null {
  const [, sum, text = ""] = /^([0-9a-f]{64}) (.*)\n$/.exec(bytes?.toString("utf8") ?? "") ?? [];
  return sum === sumOf(text) ? { ...NO_FLOOR, ...(JSON.parse(text) as Floor) } : null;
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
