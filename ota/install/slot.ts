import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import { slotFiles, tarParts } from "../release/archive.ts";
import { listIn, type SignedTar, type SlotList } from "./unpack.ts";

/** The link from a slot to its runtime: no part of what was signed. */
export const RUNTIME_LINK = "runtime";

/**
 * Checks that the slot `folder` is still what was signed, byte for byte, and that nothing else lies
 * in it: packed anew it is the archive that it came from. Throws `ota.changed`.
 */
export function verifySlot(folder: string, list: SlotList, signed: SignedTar): void {
  const sum = createHash("sha256");
  let length = 0;
  try {
    for (const part of tarParts(slotFiles(folder, list))) {
      length += part.length;
      sum.update(part);
    }
  } catch (cause) {
    throw changed(folder, (cause as Error).message);
  }
  if (length !== signed.length || sum.digest("hex") !== signed.sha256) {
    throw changed(folder, "a file is not what was signed");
  }
  const { files } = listIn(folder, list);
  for (const name of namesBelow(folder)) {
    const isKnown = name === list || name === RUNTIME_LINK || Object.hasOwn(files, name);
    if (!isKnown) throw changed(folder, `${name} does not belong to it`);
  }
}

function changed(folder: string, why: string): GatewayError {
  return new GatewayError("ota.changed", `${folder}: ${why}`);
}

function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
