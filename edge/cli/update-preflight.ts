import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../buffer/database.ts";
import { toJson } from "../core/json.ts";
import { RELEASE } from "../release.ts";
import { type Invocation, print } from "./invocation.ts";
import { usableConfig } from "./usable-config.ts";

/** Of a database that nobody keeps. */
const STREAMS = { readings: "preflight", events: "preflight" };

/**
 * `lifeline update preflight`: what an installer has a release do before it is put in place. Its
 * native parts are loaded, a database is made with them, and the configuration is read; whatever
 * fails is told as it would be, and exit code 1 or the error is the answer.
 */
export async function updatePreflight(invocation: Invocation): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-preflight-"));
  try {
    const opening = { gateway: "preflight", newStreams: STREAMS, wait: () => {} };
    openDatabase(join(folder, "buffer.db"), opening).close();
    await import("../world/serial.ts");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  if (invocation.json) print(toJson({ release: RELEASE, gateway: config.gateway.id }));
  return 0;
}
