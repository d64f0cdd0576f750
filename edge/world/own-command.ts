import { spawn } from "node:child_process";
import process from "node:process";

/** What a command printed, and how it ended. */
export type Ran = {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether more was printed to standard output than is kept: its beginning is left out. */
  readonly isCut: boolean;
  /** Whether it was ended because it took too long. */
  readonly isLate: boolean;
};

export type RunLimits = { readonly patienceMs: number; readonly maxBytes: number };

/**
 * Runs this program with `args` in a process of its own, to its end or for so long. Rejects where
 * no process can be made.
 */
export function runOwn(
  args: readonly string[],
  { patienceMs, maxBytes }: RunLimits,
  main = process.argv[1] ?? "",
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, patienceMs);
    const [out, err] = [tailOf(maxBytes), tailOf(maxBytes)];
    child.stdout.on("data", out.add);
    child.stderr.on("data", err.add);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      const [stdout, stderr] = [out.text(), err.text()];
      resolve({ code, stdout, stderr, isCut: out.isCut(), isLate });
    });
  });
}

/** Keeps the last `maxBytes` of what is added, to whole chunks. */
function tailOf(maxBytes: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let hasDropped = false;
  return {
    add: (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      while (bytes > maxBytes && chunks.length > 1) {
        bytes -= chunks.shift()?.length ?? 0;
        hasDropped = true;
      }
    },
    text: () => Buffer.concat(chunks).toString("utf8"),
    isCut: () => hasDropped,
  };
}
