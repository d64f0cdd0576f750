import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";

/** One file of a bundle. */
export type BundleFile = {
  readonly name: string;
  readonly text: string;
  /** Whether something was left out for want of room; left out where nothing was. */
  readonly isCut?: true;
  /** What there is to know of how it came about, such as an exit code. */
  readonly note?: string;
};

/** What a bundle lacks, and why. */
export type Missing = { readonly name: string; readonly why: string };

/** What is in a bundle: `manifest.json`. Stable: other programs read it. */
export type Manifest = {
  readonly v: 1;
  /** Null where the configuration does not say. */
  readonly gateway: string | null;
  readonly release: string;
  /** When it was made, in Unix milliseconds. */
  readonly at: number;
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    /** 64 hexadecimal digits. */
    readonly sha256: string;
    readonly cut?: true;
    readonly note?: string;
  }[];
  readonly missing: readonly Missing[];
};

/** The most bytes of one file, and of all together. */
export const FILE_MAX_BYTES = 2_000_000;
const ALL_MAX_BYTES = 12_000_000;

export type Bundle = { readonly manifest: Manifest; readonly bytes: Uint8Array };

/**
 * Packs `files` with their manifest into a .tar.gz, within a directory `folder`. What there is no
 * room for is told as missing.
 */
export function pack(
  folder: string,
  head: Pick<Manifest, "gateway" | "release" | "at">,
  files: readonly BundleFile[],
  missing: readonly Missing[],
): Bundle {
  let bytes = 0;
  const packed: { readonly file: BundleFile; readonly data: Uint8Array }[] = [];
  const left: Missing[] = [];
  for (const file of files) {
    const data = new TextEncoder().encode(file.text);
    if (data.length > FILE_MAX_BYTES * 2 || bytes + data.length > ALL_MAX_BYTES) {
      left.push({ name: file.name, why: `no room for ${data.length} bytes` });
      continue;
    }
    bytes += data.length;
    packed.push({ file, data });
  }
  const manifest: Manifest = {
    v: 1,
    ...head,
    files: packed.map(({ file: { name, isCut, note }, data }) => ({
      name,
      bytes: data.length,
      sha256: createHash("sha256").update(data).digest("hex"),
      ...(isCut === true && { cut: true }),
      ...(note !== undefined && { note }),
    })),
    missing: [...missing, ...left],
  };
  const told = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  const attrs = { mtime: head.at, uid: 0, gid: 0 };
  const entries = [
    { name: "manifest.json", data: told },
    ...packed.map(({ file: { name }, data }) => ({ name, data })),
  ];
  const tar = createTar(
    entries.map(({ name, data }) => ({ name: `${folder}/${name}`, data, attrs })),
  );
  return { manifest, bytes: gzipSync(tar) };
}
