import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { runTool } from "./tool.ts";

/** What /opt/lifeline of a new card is made from. */
export type FactoryParts = {
  /** The archive of a release, and that of its runtime, as `lifeline release build` makes them. */
  readonly application: string;
  readonly runtime: string;
  /** The first metadata of the root of trust; without it the card takes no updates. */
  readonly anchor: string | null;
  /** The guard of candidates; null where there is none yet. */
  readonly guard: string | null;
};

/** What a factory holds: which release, for which classes of boards, built when, in Unix seconds. */
export type Factory = {
  readonly release: string;
  readonly hardware: readonly string[];
  readonly builtAt: number;
};

/** Fills `folder` with a slot, its runtime, and what updates begin with, as they are installed. */
export function fillFactory(folder: string, parts: FactoryParts): Factory {
  mkdirSync(join(folder, "releases"), { recursive: true });
  mkdirSync(join(folder, "runtimes"));
  const application = unpacked(folder, parts.application);
  const contents = JSON.parse(readFileSync(join(application, "release.json"), "utf8"));
  const { version, runtime, builtAt, hardware } = contents as Record<string, unknown>;
  if (!isName(version) || !isName(runtime) || typeof builtAt !== "number") {
    throw new Error(`${parts.application}: its release.json names no version, runtime or builtAt`);
  }
  const [slot, node] = [`releases/${version}`, `runtimes/${runtime}`];
  renameSync(application, join(folder, slot));
  renameSync(unpacked(folder, parts.runtime), join(folder, node));
  symlinkSync(`../../${node}`, join(folder, slot, "runtime"));
  symlinkSync(slot, join(folder, "current"));
  if (parts.guard !== null) copyFileSync(parts.guard, join(folder, "boot-guard"));
  if (parts.anchor !== null) {
    mkdirSync(join(folder, "anchor"));
    copyFileSync(parts.anchor, join(folder, "anchor/root.json"));
  }
  if (!existsSync(join(folder, "current/bin/lifeline"))) {
    throw new Error(`${parts.application}: there is no bin/lifeline in it`);
  }
  evenModes(folder);
  const classes = Array.isArray(hardware) ? hardware.map(String) : [];
  return { release: version, hardware: classes, builtAt: Math.floor(builtAt / 1000) };
}

/**
 * Lets everybody read what is in `folder`, and enter and start what its owner may: the gateway's user
 * is another than the builder, whose umask must not show in an image.
 */
export function evenModes(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) evenModes(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9.-]{0,60}$/.test(value);
}

function unpacked(folder: string, archive: string): string {
  const to = mkdtempSync(join(folder, "new-"));
  const options = ["--extract", "--zstd", "--no-same-owner", "--file", archive];
  runTool("tar", [...options, "--directory", to]);
  return to;
}
