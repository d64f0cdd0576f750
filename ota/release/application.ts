import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedFile } from "./archive.ts";
import { type Arch, bundleProgram, type ProgramBundle } from "./bundle.ts";
import { RELEASE_FILE, type ReleaseContents, type SlotFiles, textOf } from "./manifest.ts";
import { licenceTexts, type ShippedPackage, shippedPackages } from "./packages.ts";
import { dataFiles, launcher, sealer } from "./slot-data.ts";

/** What is said of a release, beside what is in it. */
export type ReleaseHead = Pick<
  ReleaseContents,
  "version" | "counter" | "hardware" | "channel" | "builtAt" | "runtime" | "buffer"
>;

/** An application, ready to be packed. */
export type Application = {
  readonly files: readonly PackedFile[];
  /** What of other people is in it. */
  readonly packages: readonly ShippedPackage[];
};

/**
 * Builds the application of the checkout at `root`, of its `bundle` where that was made already. The
 * same sources are the same bytes.
 */
export async function buildApplication(
  root: string,
  arch: Arch,
  head: ReleaseHead,
  bundle?: ProgramBundle,
): Promise<Application> {
  const { files: bundled, sources } = bundle ?? (await bundleProgram(root, arch));
  const packages = shippedPackages(root, sources);
  const { name } = packageOf(root);
  const own = Buffer.from(`${JSON.stringify({ name, version: head.version, type: "module" })}\n`);
  const files: readonly PackedFile[] = [
    launcher(nodeFlags(root), head.version),
    sealer(root),
    { path: "package.json", mode: "0644", bytes: () => own },
    // What the program reads its version from, and Node that it is of modules.
    { path: "app/package.json", mode: "0644", bytes: () => own },
    {
      path: "app/LICENCES.txt",
      mode: "0644",
      bytes: () => Buffer.from(licenceTexts(root, packages)),
    },
    ...dataFiles(root),
    ...[...bundled].map(([path, bytes]): PackedFile => {
      return { path: `app/${path}`, mode: "0644", bytes: () => bytes };
    }),
  ];
  const list = textOf({ v: 1, ...head, files: listOf(files) });
  return { files: [{ path: RELEASE_FILE, mode: "0644", bytes: () => list }, ...files], packages };
}

/** What a slot of `files` holds, by their paths, sorted. */
export function listOf(files: readonly PackedFile[]): SlotFiles {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return Object.fromEntries(
    sorted.map(({ path, mode, bytes }) => {
      const data = bytes();
      const sha256 = createHash("sha256").update(data).digest("hex");
      return [path, { sha256, size: data.length, mode }];
    }),
  );
}

/** What `npm run lifeline` starts Node with. */
function nodeFlags(root: string): readonly string[] {
  return packageOf(root)
    .scripts.lifeline.split(" ")
    .filter((word) => word.startsWith("--"));
}

/** The package of the checkout at `root`. */
export function packageOf(root: string): {
  readonly name: string;
  readonly version: string;
  readonly scripts: { readonly lifeline: string };
} {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}
