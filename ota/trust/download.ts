import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Backoff, backoffMs } from "../../edge/core/backoff.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { flushFolder } from "./durable.ts";
import { type Reader, readPaced } from "./pace.ts";
import { PartFile } from "./part-file.ts";
import { checkRoom } from "./room.ts";
import type { Target } from "./target.ts";
import { targetName } from "./target-name.ts";

/** How long a download is gone on with while nothing comes. */
export type Patience = {
  readonly backoff: Backoff;
  /** So many tries in a row that bring no byte are made at each mirror. */
  readonly triesMax: number;
};

/** What is fetched, and from where. */
export type Download = {
  readonly reader: Reader;
  random(): number;
  readonly patience: Patience;
  /** Where the same file stands; at least one. */
  readonly urls: readonly string[];
  readonly target: Target;
  /** The part stands beside the file that it becomes. */
  readonly folder: string;
  /** Hears how many of its bytes are there, whenever more are. */
  onBytes(bytes: number): void;
};

/** Hashes that are believed. */
const ALGORITHMS = new Set(["sha256", "sha384", "sha512"]);

/**
 * Fetches a target and resolves with its file, which is whole, verified and on the disk. What is
 * there already is not fetched again. Rejects with `ota.length` or `ota.hash` where no mirror has
 * what was signed, with `ota.absent`, `ota.slow` or `ota.unreachable` where none can be read: then
 * what came is kept, and gone on with by the next call.
 */
export async function downloadTarget(download: Download, signal: AbortSignal): Promise<string> {
  const { target, folder } = download;
  const name = targetName(target.path);
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  if (existsSync(path) && (await isSigned(path, target))) return path;
  const partName = `.${name}.${Object.values(target.hashes)[0]?.slice(0, 16)}.part`;
  dropOthers(folder, name, partName);
  const partPath = join(folder, partName);
  await fetchPart(download, partPath, signal);
  renameSync(partPath, path);
  flushFolder(folder);
  return path;
}

/** Parts of what went by the same name before. */
function dropOthers(folder: string, name: string, partName: string): void {
  for (const other of readdirSync(folder)) {
    const isPart = other.startsWith(`.${name}.`) && other.endsWith(".part");
    if (isPart && other !== partName) rmSync(join(folder, other));
  }
}

async function isSigned(path: string, target: Target): Promise<boolean> {
  await using file = await PartFile.open(path);
  return file.length === target.length && (await hasHashes(file, target));
}

async function fetchPart(download: Download, path: string, signal: AbortSignal): Promise<void> {
  const { target, patience } = download;
  await using part = await PartFile.open(path);
  if (part.length > target.length) await part.empty();
  checkRoom(download.folder, target.length - part.length);
  const urls = [...download.urls];
  // One mirror is kept to until it fails for good: bytes of two might not be of one file.
  let vain = 0;
  let spoiled = 0;
  for (;;) {
    const turn = Math.floor(vain / patience.triesMax) % urls.length;
    const before = part.length;
    try {
      return await fill(part, download, urls[turn] ?? "", signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GatewayError)) throw error;
      if (error.remedy === "operator" && before > 0 && part.length === 0) {
        // It may have been the fault of what was there before: once more, and all from here.
        spoiled += 1;
        if (spoiled > urls.length) throw error;
        continue;
      }
      if (error.remedy === "operator" || error.code === "ota.absent") {
        urls.splice(turn, 1);
        vain = 0;
        if (urls.length === 0) throw error;
        continue;
      }
      // What is too slow gets nowhere, however much came.
      vain = part.length > before && error.code !== "ota.slow" ? 0 : vain + 1;
      if (vain >= patience.triesMax * urls.length) throw error;
      await pause(download, Math.max(1, vain), signal);
    }
  }
}

async function pause(download: Download, vain: number, signal: AbortSignal): Promise<void> {
  const { patience, reader } = download;
  await reader.clock.sleep(backoffMs(patience.backoff, vain, download.random()), signal);
}

/** Reads on from the end of `part`. Empties it where it turns out to be another file's. */
async function fill(
  part: PartFile,
  download: Download,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const { reader, target } = download;
  if (part.length < target.length) {
    const before = part.length;
    await append(part, readPaced(reader, url, before, signal), download, url);
    if (part.length < target.length) {
      const why = `${url} ends after ${part.length} of ${target.length} bytes`;
      throw new GatewayError(part.length > before ? "ota.unreachable" : "ota.length", why);
    }
  }
  await part.flush();
  if (await hasHashes(part, target)) return;
  await part.empty();
  throw new GatewayError("ota.hash", `${url} is not the file that was signed as ${target.path}`);
}

async function append(
  part: PartFile,
  sent: ReturnType<typeof readPaced>,
  { target, onBytes }: Download,
  url: string,
): Promise<void> {
  let skip = 0;
  for await (const some of sent) {
    if (some.kind === "from") {
      // A server that cannot begin later sends again what is there.
      skip = part.length - some.at;
      if (skip < 0) throw new GatewayError("ota.unreachable", `${url} left out ${-skip} bytes`);
      continue;
    }
    const bytes = some.bytes.subarray(Math.min(skip, some.bytes.length));
    skip -= some.bytes.length - bytes.length;
    if (part.length + bytes.length > target.length) {
      await part.empty();
      throw new GatewayError("ota.length", `${url} is longer than ${target.length} bytes`);
    }
    await part.append(bytes);
    onBytes(part.length);
  }
}

/** Throws `ota.hash` where it was signed with no hash that is believed, or with one that is not. */
async function hasHashes(file: PartFile, { hashes, path }: Target): Promise<boolean> {
  const names = Object.keys(hashes);
  if (names.length === 0 || names.some((name) => !ALGORITHMS.has(name))) {
    throw new GatewayError("ota.hash", `${path} is signed with hashes that are not believed`);
  }
  const sums = names.map((name) => createHash(name));
  for await (const piece of file.pieces()) for (const sum of sums) sum.update(piece);
  return names.every((name, index) => sums[index]?.digest("hex") === hashes[name]?.toLowerCase());
}
