import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import { flushFolder } from "./durable.ts";
import { Mirrors, type Patience } from "./mirrors.ts";
import { type Reader, readPaced, type Sent } from "./pace.ts";
import { forgetTag, PartFile } from "./part-file.ts";
import { checkRoom } from "./room.ts";
import type { Target } from "./target.ts";
import { targetName } from "./target-name.ts";

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
  forgetTag(partPath);
  flushFolder(folder);
  return path;
}

/** Parts of what went by the same name before. */
function dropOthers(folder: string, name: string, partName: string): void {
  for (const other of readdirSync(folder)) {
    const isPart = other.startsWith(`.${name}.`) && /\.part(\.tag)?$/.test(other);
    if (isPart && !other.startsWith(partName)) rmSync(join(folder, other));
  }
}

async function isSigned(path: string, target: Target): Promise<boolean> {
  await using file = await PartFile.open(path);
  return file.length === target.length && (await hasHashes(file, target));
}

async function fetchPart(download: Download, path: string, signal: AbortSignal): Promise<void> {
  const { target, patience, reader, urls } = download;
  await using part = await PartFile.open(path);
  if (part.length > target.length) await part.empty();
  checkRoom(download.folder, target.length - part.length);
  const random = () => download.random();
  const mirrors = new Mirrors(urls, patience, { clock: reader.clock, random });
  let spoiled = 0;
  for (;;) {
    const before = part.length;
    try {
      return await fill(part, download, await mirrors.turn(signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GatewayError) || error.code === "ota.budget") throw error;
      if (error.remedy === "operator" && before > 0 && part.length === 0) {
        // It may have been the fault of what was there before: once more, and all from here.
        spoiled += 1;
        if (spoiled > urls.length) throw error;
      } else if (error.remedy === "operator" || error.code === "ota.absent") {
        mirrors.drop(error);
      } else if (error.code !== "ota.slow" && part.length - before >= reader.pace.leastBytes) {
        mirrors.advanced();
      } else {
        // What is too slow gets nowhere, however much came; so does what is cut at once each time.
        mirrors.failed(error);
      }
    }
  }
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
    const tag = before > 0 ? part.tagAt(url) : undefined;
    await append(part, readPaced(reader, url, before, signal, tag), download, { url, tag });
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
  asked: { readonly url: string; readonly tag: string | undefined },
): Promise<void> {
  const { url } = asked;
  let skip = 0;
  for await (const some of sent) {
    if (some.kind === "from") {
      skip = await begin(part, target, asked, some);
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

/**
 * How many of the bytes that are about to come are there already. Empties `part` where they are of a
 * changed file. Throws where they cannot be gone on with, before any is taken.
 */
async function begin(
  part: PartFile,
  target: Target,
  { url, tag }: { readonly url: string; readonly tag: string | undefined },
  file: Extract<Sent, { readonly kind: "from" }>,
): Promise<number> {
  if (file.length !== undefined && file.length !== target.length) {
    const why = `${url} is ${file.length} bytes long, and ${target.length} were signed`;
    throw new GatewayError("ota.length", why);
  }
  const isChanged = tag !== undefined && file.tag !== tag;
  if (isChanged && (file.at === 0 || file.tag !== undefined)) {
    await part.empty();
    // Some servers go on with whatever is there now, though they were told not to.
    if (file.at > 0) throw new GatewayError("ota.hash", `${url} was changed meanwhile`);
  }
  if (part.length === 0 && file.tag !== undefined) part.rememberTag(url, file.tag);
  const skip = part.length - file.at;
  // A server that cannot begin later sends again what is there.
  if (skip < 0) throw new GatewayError("ota.unreachable", `${url} left out ${-skip} bytes`);
  return skip;
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
