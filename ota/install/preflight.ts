import { execFile } from "node:child_process";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";

/** A box that is busy measuring takes long to load a program. */
const PATIENCE_MS = 120_000;

/**
 * Has the release in the slot `folder` show that it can run here, before anything is changed: its
 * own Node loads its native parts, opens a database of its own, and reads the configuration at
 * `config`. Rejects with `ota.preflight` and what it said.
 */
export async function preflight(folder: string, version: string, config: string): Promise<void> {
  const program = join(folder, "bin", "lifeline");
  const said = await run(program, ["--version"]);
  if (said.trim() !== version) {
    throw new GatewayError("ota.preflight", `it says that it is ${said.trim()}, not ${version}`);
  }
  await run(program, ["update", "preflight", "--config", config]);
}

function run(program: string, operands: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(
    program,
    operands,
    { timeout: PATIENCE_MS, killSignal: "SIGKILL", maxBuffer: 1024 * 1024 },
    (error, out, complaint) => {
      if (error === null) return resolve(out);
      const lines = complaint.trim().split("\n").slice(-5).join("; ");
      const how = error.killed ? `nothing within ${PATIENCE_MS / 1000} s` : error.message;
      const asked = operands.slice(0, 2).join(" ");
      reject(new GatewayError("ota.preflight", `${asked}: ${lines || how}`));
    },
  );
  return promise;
}
