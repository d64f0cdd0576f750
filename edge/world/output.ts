import process from "node:process";

/** Exit code where the reader of the output went away: as of a process that SIGPIPE ended. */
const READER_GONE = 141;
/** The most that waits in memory for a slow reader of the log, in bytes. */
const MAX_UNREAD_BYTES = 1_000_000;

const OUTPUTS = [process.stdout, process.stderr] as const;

/**
 * From now on the process ends when its output is not taken: quietly where the reader went away,
 * as `head` does, and otherwise, as on a full disk, with what `complaint` makes of the reason.
 */
export function endWithOutput(complaint: (why: string) => string): void {
  for (const stream of OUTPUTS) {
    stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      if (code === "EPIPE") process.exit(READER_GONE);
      if (stream !== process.stderr) process.stderr.write(`${complaint(message)}\n`);
      process.exit(1);
    });
  }
}

/** From now on the process goes on when its output is not taken: a gateway outlives its log. */
export function outliveOutput(): void {
  for (const stream of OUTPUTS) stream.removeAllListeners("error").on("error", () => {});
}

/**
 * Waits until everything written has been taken, which a pipe does not do at once: `less` shows
 * one page of many. For at most `patienceMs`, which may be infinite.
 */
export async function outputTaken(patienceMs: number): Promise<void> {
  const taken = OUTPUTS.map((stream) => new Promise<void>((is) => stream.write("", () => is())));
  const all = Promise.all(taken);
  if (patienceMs === Number.POSITIVE_INFINITY) return void (await all);
  await Promise.race([all, new Promise((over) => setTimeout(over, patienceMs))]);
}

/** Writes a line; false, with the line left out, where too much waits for a reader that is slow. */
export type LineWriter = (line: string) => boolean;

/** Writes lines to standard output or standard error. */
export function lineWriter(to: "stdout" | "stderr"): LineWriter {
  const stream = process[to];
  return (line) => {
    if (stream.writableLength > MAX_UNREAD_BYTES) return false;
    stream.write(`${line}\n`);
    return true;
  };
}
