import { execFile } from "node:child_process";

/** How long a command may take to answer, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * What `command` prints, trimmed; null where it is not there, fails, or takes longer than `answerMs`.
 * Never rejects, and keeps no process from ending.
 */
export function commandOutput(
  command: string,
  args: readonly string[],
  answerMs = ANSWER_MS,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: answerMs, killSignal: "SIGKILL", maxBuffer: 65_536 } as const;
    try {
      execFile(command, args, options, (error, stdout) => {
        resolve(error ? null : stdout.trim());
      }).unref();
    } catch {
      // Most errors come to the callback; some are thrown (ELOOP, ENOMEM: execve(2), fork(2)).
      resolve(null);
    }
    // A command that hangs in the kernel does not even die of a signal.
    setTimeout(() => resolve(null), answerMs + 1_000).unref();
  });
}
