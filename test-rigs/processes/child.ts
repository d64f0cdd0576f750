import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

/** A process that a test started and is going to end. */
export type Child = {
  readonly pid: number;
  /** What it printed so far, both streams, line by line; the last 10,000 lines. */
  readonly lines: readonly string[];
  /**
   * Resolves with the first line, printed already or later, that matches; after `ms` the child is
   * ended and it rejects.
   */
  waitFor(pattern: RegExp, ms: number): Promise<string>;
  /** Sends `signal`, which does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Sends `signal` and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | NodeJS.Signals>;
};

const MAX_LINES = 10_000;

/** Everything started here that still runs: ended with this process, by pid. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const dirs = new Set<string>();

/** A new directory that is removed with this process. */
export function tempDir(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `lifeline-${name}-`));
  dirs.add(dir);
  return dir;
}

/** Starts `command` with `args`, and with `env` beside this process's own environment. */
export function startChild(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  running.add(child);
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
      for (const check of waiting) check(line);
    });
  }
  const { promise: exited, resolve, reject } = Promise.withResolvers<number | NodeJS.Signals>();
  child.once("error", reject);
  // Not "exit", which may come before what the child printed last was read.
  child.once("close", (code, signal) => {
    running.delete(child);
    resolve(code ?? signal ?? 0);
  });
  return {
    pid: child.pid ?? 0,
    lines,
    exited,
    waitFor: (pattern, ms) => {
      const seen = lines.find((line) => pattern.test(line));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((found, fail) => {
        const giveUp = (why: string) => {
          waiting.delete(check);
          clearTimeout(timer);
          // Left running it would keep the failed test from ending.
          child.kill("SIGKILL");
          fail(new Error(`${command} ${why} without ${pattern}:\n${lines.slice(-20).join("\n")}`));
        };
        const timer = setTimeout(() => giveUp(`ran ${ms} ms`), ms);
        const check = (line: string) => {
          if (!pattern.test(line)) return;
          waiting.delete(check);
          clearTimeout(timer);
          found(line);
        };
        waiting.add(check);
        void exited.then((how) => waiting.has(check) && giveUp(`ended (${how})`));
      });
    },
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}
