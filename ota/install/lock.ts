import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { GatewayError } from "../../edge/core/errors.ts";

const HELD = "held";
const BUSY = 75;

/**
 * Runs `act` as the only process that changes what is installed: by a lock of the kernel on `file`,
 * which a killed process cannot leave behind. Node has no such lock: flock(1) of util-linux, which
 * every Debian has, holds it for as long as it is connected to this process. Rejects with
 * `ota.running` where another has it, or whatever `act` does.
 */
export async function alone<T>(file: string, act: () => Promise<T>): Promise<T> {
  const script = `echo ${HELD}; exec cat >/dev/null`;
  const options = ["--nonblock", "--conflict-exit-code", String(BUSY), file, "sh", "-c", script];
  const child = spawn("flock", options, { stdio: ["pipe", "pipe", "pipe"] });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let told = "";
  child.stdout.on("data", (bytes) => {
    if (String(bytes).includes(HELD)) resolve();
  });
  child.stderr.on("data", (bytes) => {
    told += String(bytes);
  });
  child.once("error", (error) => reject(new GatewayError("ota.disk", error.message)));
  const closed = new Promise<void>((over) => {
    for (const end of ["close", "error"]) child.once(end, () => over());
  });
  child.once("close", (code) => {
    const isBusy = code === BUSY;
    reject(
      isBusy
        ? new GatewayError("ota.running", `process ${holderIn(file)} is at it`)
        : new GatewayError("ota.disk", `${file}: ${told.trim() || `flock ends with ${code}`}`),
    );
  });
  try {
    await promise;
    noteHolder(file);
    return await act();
  } finally {
    child.stdin.destroy();
    // Only then another may have it.
    await closed;
  }
}

/** For whoever comes meanwhile. */
function noteHolder(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`);
  } catch {
    // Such as another user's, of the same group: it is held all the same.
  }
}

function holderIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim() || "?";
  } catch {
    return "?";
  }
}
