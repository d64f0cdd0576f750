import { execFile } from "node:child_process";
import { setPriority } from "node:os";
import process from "node:process";

/** What it prints may be so long. */
const OUTPUT_MAX = 4_000_000;
/** It gives way to the gateway. */
const NICE = 10;

/**
 * Runs this program once more with other arguments, beside this process and behind it in priority:
 * what it loads and reads burdens no loop. Resolves with what it printed where it ended with 0 or 1,
 * as commands do that have an answer; rejects otherwise, and when `timeoutMs` are over.
 */
export function runOwnProgram(
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const [, main = ""] = process.argv;
  const options = {
    ...{ timeout: timeoutMs, maxBuffer: OUTPUT_MAX, signal },
    killSignal: "SIGKILL",
    encoding: "utf8",
  } as const;
  return new Promise((resolve, reject) => {
    const all = [...process.execArgv, main, ...args];
    const child = execFile(process.execPath, all, options, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(stderr.trim().split("\n")[0] || error.message, { cause: error }));
    });
    if (child.pid === undefined) return;
    try {
      setPriority(child.pid, NICE);
    } catch {
      // It has ended, or may not be held back: it is a short one.
    }
  });
}
