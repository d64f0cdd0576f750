import { z } from "zod";
import { GatewayError } from "../../edge/core/errors.ts";

/** The longest that these files may be, in bytes: what is longer is not read. */
export const MANIFEST_MAX_BYTES = 256 * 1024;
/** See `MANIFEST_MAX_BYTES`. */
export const CONTENTS_MAX_BYTES = 1024 * 1024;

/** What the list of a release's files is called within it. */
export const RELEASE_FILE = "release.json";
/** What the list of a runtime's files is called within it. */
export const RUNTIME_FILE = "runtime.json";

/** More files no archive has, but for its list. */
export const FILES_MAX = 4_000;
const TAR_MAX_BYTES = 512 * 1024 * 1024;
/** A name in a header of USTAR is at most 100 bytes (POSIX.1-1988, 10.1.1). */
const PATH_MAX = 100;

const word = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i);
/** Semantic Versioning 2.0.0, as far as it can be the name of a folder. */
const version = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9a-z][0-9a-z.-]{0,29})?$/i);
const runtimeName = z.string().regex(/^node-\d{1,6}\.\d{1,6}\.\d{1,6}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const counter = z.int().min(1);
const moment = z.int().min(0);
const length = z.int().min(0).max(TAR_MAX_BYTES);
const hardware = z.array(word).min(1).max(16);
/** No step of it is empty or begins with a dot, so that it stays below its folder. */
const path = z
  .string()
  .max(PATH_MAX)
  .regex(/^[a-z0-9@][\w@+.-]*(\/[a-z0-9@][\w@+.-]*)*$/i);
const target = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,39}\/[a-z0-9][\w.-]{0,39}\/[a-z0-9][\w.-]{0,99}$/i);

const files = z
  .record(path, z.object({ sha256, size: length, mode: z.enum(["0644", "0755"]) }))
  .refine((all) => Object.keys(all).length <= FILES_MAX, `more than ${FILES_MAX} files`);

const release = z.object({
  v: z.literal(1),
  version,
  counter,
  hardware,
  channel: word,
  builtAt: moment,
  runtime: runtimeName,
  buffer: z.object({ writes: z.int().min(0), opens: z.array(z.int().min(0)).max(1_000) }),
  files,
});

const runtime = z.object({
  v: z.literal(1),
  name: runtimeName,
  arch: z.enum(["arm64", "amd64"]),
  files,
});

const archive = z.object({
  path: target,
  length,
  sha256,
  tar: z.object({ length, sha256 }),
});

const manifest = z.object({
  v: z.literal(1),
  version,
  counter,
  hardware,
  channel: word,
  builtAt: moment,
  changes: z.object({ en: z.string().max(50_000), "zh-CN": z.string().max(50_000) }),
  application: archive,
  runtime: archive.extend({ name: runtimeName }),
  deltas: z
    .array(
      z.object({
        layer: z.enum(["application", "runtime"]),
        from: z.union([version, runtimeName]),
        baseSha256: sha256,
        path: target,
        length,
        sha256,
      }),
    )
    .max(64),
});

type Shown<T> = T extends (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Shown<T[Key]> }
    : T;

/**
 * The files of a slot by their paths below it: SHA-256 in hexadecimal, size in bytes, rights. All
 * but the list itself, and nothing else belongs to it.
 */
export type SlotFiles = Shown<z.infer<typeof files>>;

/**
 * `release.json`: what an application archive holds, and what it needs. `builtAt` is in Unix
 * milliseconds; `counter` rises with each release of a hardware class and channel. `buffer.writes`
 * is the version that it brings the database to, and `buffer.opens` those whose releases can use
 * that: from this release one can go back to a release whose `writes` is among them.
 */
export type ReleaseContents = Shown<z.infer<typeof release>>;

/** `runtime.json`: what a runtime archive holds. */
export type RuntimeContents = Shown<z.infer<typeof runtime>>;

/**
 * The target `HARDWARE/CHANNEL/VERSION.release.json`: all that belongs to one release. Paths are
 * those of targets; `tar` is what an archive is once it is decompressed; a delta leads from the tar
 * of what is installed to that of the release. Nothing is activated before all of it is there.
 */
export type ReleaseManifest = Shown<z.infer<typeof manifest>>;

/** Whether `text` can be the name of a class of hardware, or of a channel. */
export function isWord(text: string): boolean {
  return word.safeParse(text).success;
}

/** Whether `name` can be that of a file of a slot: it stays below the slot, and is not hidden. */
export function isSlotPath(name: string): boolean {
  return path.safeParse(name).success;
}

/**
 * Reads `release.json`. What it does not know it leaves out, so that a later build may say more.
 * Throws `ota.malformed`.
 */
export function parseRelease(bytes: Uint8Array): ReleaseContents {
  return parsed(release, bytes, CONTENTS_MAX_BYTES, RELEASE_FILE);
}

/** Reads `runtime.json`, as `parseRelease` does. Throws `ota.malformed`. */
export function parseRuntime(bytes: Uint8Array): RuntimeContents {
  return parsed(runtime, bytes, CONTENTS_MAX_BYTES, RUNTIME_FILE);
}

/** Reads the manifest of a release, as `parseRelease` does. Throws `ota.malformed`. */
export function parseManifest(bytes: Uint8Array): ReleaseManifest {
  return parsed(manifest, bytes, MANIFEST_MAX_BYTES, "the manifest of the release");
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array,
  bytesMax: number,
  what: string,
): z.infer<Schema> {
  if (bytes.length > bytesMax) throw malformed(what, `is longer than ${bytesMax} bytes`);
  const result = schema.safeParse(jsonOf(bytes, what));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw malformed(what, `is wrong at ${issue?.path.join(".") || "its root"}: ${issue?.message}`);
}

function jsonOf(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed(what, `is no JSON: ${(error as Error).message}`);
  }
}

function malformed(what: string, why: string): GatewayError {
  return new GatewayError("ota.malformed", `${what} ${why}`);
}

/** The file as it is written: the same contents are the same bytes. */
export function textOf(contents: ReleaseContents | RuntimeContents | ReleaseManifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(contents, null, 1)}\n`);
}

/** The target that a manifest is, under the name of its version. */
export function manifestPath({ hardware, channel, version }: ReleaseManifest): string {
  return `${hardware[0]}/${channel}/${version}.release.json`;
}

/** The target that says what is in the release of `manifest`. */
export function sbomPath({ hardware, channel, version }: ReleaseManifest): string {
  return `${hardware[0]}/${channel}/lifeline-${version}.cdx.json`;
}
