import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { packageOf } from "../../ota/release/application.ts";
import type { PackedFile } from "../../ota/release/archive.ts";
import { RELEASE_FILE } from "../../ota/release/manifest.ts";
import { builtHere, CHECKOUT } from "../release/installed-release.ts";
import { BUILT_DIR } from "./program.ts";

/** Builds what `npm test` starts the gateway and its commands from. */
async function build(): Promise<void> {
  const { files } = await builtHere(packageOf(CHECKOUT).version);
  for (const file of files) {
    // It is a checkout's program all the same, and says so: no release, in no slot.
    if (file.path !== RELEASE_FILE) put(file);
  }
  // What only a checkout has it finds as well: the demo and the centre.
  const rigs = join(BUILT_DIR, "app", "test-rigs");
  if (!existsSync(rigs)) symlinkSync(join(CHECKOUT, "test-rigs"), rigs);
}

/** Writes a file that has changed; another run of the tests may be starting what is there. */
function put({ path, mode, bytes }: PackedFile): void {
  const file = join(BUILT_DIR, path);
  const data = bytes();
  if (isThere(file, data)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, data, { mode: Number.parseInt(mode, 8) });
  renameSync(`${file}.new`, file);
}

function isThere(file: string, data: Uint8Array): boolean {
  try {
    return readFileSync(file).equals(data);
  } catch {
    return false;
  }
}

await build();
