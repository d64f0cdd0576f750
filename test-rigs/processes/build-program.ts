import { rmSync } from "node:fs";
import { packageOf } from "../../ota/release/application.ts";
import { RELEASE_FILE } from "../../ota/release/manifest.ts";
import { builtHere, CHECKOUT, unpackTo } from "../release/installed-release.ts";
import { BUILT_DIR } from "./program.ts";

/** What `npm test` starts the gateway and its commands from; nothing of an earlier run is left. */
async function build(): Promise<void> {
  const { files } = await builtHere(packageOf(CHECKOUT).version);
  rmSync(BUILT_DIR, { recursive: true, force: true });
  // It is a checkout's program all the same, and says so: no release, in no slot.
  unpackTo(
    BUILT_DIR,
    files.filter(({ path }) => path !== RELEASE_FILE),
  );
}

await build();
