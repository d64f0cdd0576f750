import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { assemble } from "./assemble.ts";
import { fillBoot } from "./boot.ts";
import { fillBundle } from "./bundle.ts";
import { archivesOf } from "./debian.ts";
import { evenModes, type FactoryParts, fillFactory } from "./factory.ts";
import { makeFat } from "./fat.ts";
import { FIELD_SIZES, layoutOf, partitionOf, volumeIdOf } from "./layout.ts";
import type { Debian } from "./packages.ts";
import { fillSelector } from "./selector.ts";
import { runTool } from "./tool.ts";

const HERE = import.meta.dirname;

/** What an image is built from. */
export type BuildParts = {
  readonly debian: Debian;
  /** Time of everything in it, in Unix seconds; null for that of the release. */
  readonly epoch: number | null;
  readonly factory: FactoryParts;
  /** Whose bundles of the system layer are taken, a PEM file; null for nobody's. */
  readonly keyring: string | null;
  readonly out: string;
  /** Where Debian's archives are kept from one build to the next. */
  readonly cache: string;
  readonly tell: (step: string) => void;
};

/** Builds an image into the folder `out`; returns its file. Throws where something is missing. */
export function buildImage(parts: BuildParts): string {
  const { debian, factory, out, cache, tell } = parts;
  mkdirSync(out, { recursive: true });
  const work = join(out, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  tell("the release");
  const overlay = join(work, "overlay");
  fillOverlay(overlay, parts.keyring);
  const { release, hardware, builtAt } = fillFactory(
    join(overlay, "usr/lib/lifeline/factory"),
    factory,
  );
  const epoch = parts.epoch ?? builtAt;
  tell("Debian's packages (the first time some minutes)");
  const { system, kernel } = archivesOf(debian, cache);
  tell("the root, its initramfs");
  asRoot(join(HERE, "stage-root"), [work, system, kernel, overlay, `${epoch}`]);
  tell("the partitions");
  const layout = layoutOf(FIELD_SIZES);
  const name = `lifeline-${release}-${debian.suite}`;
  const fat = (room: "selector" | "boot-a", label: string, fill: (folder: string) => void) => {
    const [from, file] = [join(work, room), join(work, `${room}.fat`)];
    mkdirSync(from);
    fill(from);
    const { bytes } = partitionOf(layout, room);
    makeFat({ file, bytes, label, id: volumeIdOf(`${name}/${room}`), from, epoch });
    return file;
  };
  const content = {
    selector: fat("selector", "LIFELINE", (folder) => fillSelector(folder, { release, hardware })),
    "boot-a": fat("boot-a", "BOOT-A", (folder) => fillBoot(folder, work, "root-a")),
    "root-a": join(work, "root.squashfs"),
  };
  const file = join(out, `${name}-arm64.img`);
  assemble({ file, layout, name, content });
  const bundle = { root: content["root-a"], boot: content["boot-a"], version: release };
  fillBundle(join(out, `${name}-arm64.bundle`), bundle);
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  writeFileSync(`${file}.sha256`, `${sha256}  ${name}-arm64.img\n`);
  cpSync(join(work, "packages.txt"), join(out, `${name}-arm64.packages.txt`));
  return file;
}

/** Ours on top of Debian's: settings, programs and units. */
function fillOverlay(overlay: string, keyring: string | null): void {
  cpSync(join(HERE, "root"), overlay, { recursive: true });
  const systemd = join(HERE, "../systemd");
  for (const unit of readdirSync(systemd)) {
    const isUnit = /\.(service|path|timer|slice|target)$/.test(unit);
    if (isUnit) cpSync(join(systemd, unit), join(overlay, "usr/lib/systemd/system", unit));
  }
  const watchdog = join(overlay, "etc/systemd/system.conf.d/watchdog.conf");
  cpSync(join(systemd, "watchdog.conf"), watchdog);
  if (keyring !== null) cpSync(keyring, join(overlay, "etc/rauc/keyring.pem"));
  evenModes(overlay);
}

/** Whoever is not root is root of a namespace of their own (subuid(5)). */
function asRoot(command: string, args: readonly string[]): void {
  if (process.getuid?.() === 0) runTool(command, args);
  else runTool("unshare", ["--map-auto", "--map-root-user", "--mount", command, ...args]);
}
