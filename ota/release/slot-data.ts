import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedFile } from "./archive.ts";

/** What the program reads beside its JavaScript, from the checkout; of a folder, what ends so. */
const DATA: readonly (readonly [path: string, end?: string])[] = [
  ["LICENSE"],
  ["edge/control/control-v1.schema.json"],
  ["edge/panel/page", ""],
  ["ota/install/boot-guard"],
  ["drivers/profiles", ".yaml"],
  ["drivers/node-firmware/lifeline-node.hex"],
  ["node_modules/@embedpdf/fonts-sc/LICENSE"],
  ["node_modules/@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf"],
  ["node_modules/@embedpdf/fonts-sc/fonts/NotoSansHans-Medium.otf"],
];

/** The data of the program in the checkout at `root`, at the same paths below `app`. */
export function dataFiles(root: string): readonly PackedFile[] {
  const paths = DATA.flatMap(([path, end]) => {
    if (end === undefined) return [path];
    const names = readdirSync(join(root, path)).filter((name) => name.endsWith(end));
    return names.map((name) => `${path}/${name}`);
  });
  return paths.map((path) => {
    return { path: `app/${path}`, mode: "0644", bytes: () => readFileSync(join(root, path)) };
  });
}

/** `flags`: what Node is started with. */
export function launcher(flags: readonly string[], version: string): PackedFile {
  const text = LAUNCHER.replace("FLAGS", flags.join(" ")).replaceAll("VERSION", version);
  return { path: "bin/lifeline", mode: "0755", bytes: () => Buffer.from(text) };
}

/** Seals the gateway's secrets and opens them; run by units of systemd. */
export function sealer(root: string): PackedFile {
  return {
    path: "bin/seal",
    mode: "0755",
    bytes: () => readFileSync(join(root, "ota/systemd/seal")),
  };
}

/**
 * Whatever Node has compiled is run again from where it is kept, so that is only ever a place of
 * whoever starts the program. What another release left there goes when a new one begins.
 */
const LAUNCHER = `#!/bin/sh
# Starts the release that this file belongs to, whatever links lead here.
self=$(readlink -f "$0") || exit 1
slot=\${self%/bin/lifeline}
if [ -z "\${NODE_COMPILE_CACHE:-}" ]; then
  if [ -n "\${CACHE_DIRECTORY:-}" ]; then
    cache=\${CACHE_DIRECTORY%%:*}/node
  elif [ -n "\${HOME:-}" ] && [ -O "$HOME" ]; then
    cache=$HOME/.cache/lifeline/node
  else
    cache=
  fi
  if [ -n "$cache" ]; then
    [ -d "$cache/VERSION" ] || rm -rf "$cache"
    export NODE_COMPILE_CACHE="$cache/VERSION"
  else
    export NODE_DISABLE_COMPILE_CACHE=1
  fi
fi
# glibc keeps what was freed, for each thread by itself: several megabytes more. What compilers take
# in pieces of 32 kB goes back whole only where each piece is a mapping of its own.
export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=32768
exec "$slot/runtime/bin/node" FLAGS "$slot/app/main.js" "$@"
`;
