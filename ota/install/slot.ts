import { createHash } from "node:crypto";
import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import { slotFiles, tarParts } from "../release/archive.ts";
import { RELEASE_FILE } from "../release/manifest.ts";
import { filesBelow } from "./files-below.ts";
import { listIn, type SignedTar, type SlotList } from "./unpack.ts";

/** The link from a slot to its runtime: no part of what was signed. */
export const RUNTIME_LINK = "runtime";

/** Where that link leads for the runtime `name`. */
export function runtimeLink(name: string): string {
  return join("..", "..", "runtimes", name);
}

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
  const rights = new Map([
    [list as string, "0644"],
    ...Object.entries(files).map(([name, { mode }]) => [name, mode] as const),
  ]);
  for (const name of filesBelow(folder)) {
    if (name === RUNTIME_LINK && list === RELEASE_FILE) continue;
    const wanted = rights.get(name);
    if (wanted === undefined) throw changed(folder, `${name} does not belong to it`);
    // A link could lead to the same bytes now, and to others when they are run.
    const stat = lstatSync(join(folder, name));
    if (!stat.isFile()) throw changed(folder, `${name} is no regular file`);
    const found = (stat.mode & 0o7777).toString(8).padStart(4, "0");
    if (found !== wanted) throw changed(folder, `${name} has the rights ${found}, not ${wanted}`);
  }
}

/**
 * Checks that the slot `folder` is started by the runtime `name` and by no other. Throws
 * `ota.changed`.
 */
export function verifyRuntimeLink(folder: string, name: string): void {
  const wanted = runtimeLink(name);
  const stat = lstatSync(join(folder, RUNTIME_LINK), { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() !== true) throw changed(folder, `${RUNTIME_LINK} is no link`);
  const found = readlinkSync(join(folder, RUNTIME_LINK));
  if (found !== wanted)
    throw changed(folder, `${RUNTIME_LINK} leads to ${found}, not to ${wanted}`);
}

function changed(folder: string, why: string): GatewayError {
  return new GatewayError("ota.changed", `${folder}: ${why}`);
}
