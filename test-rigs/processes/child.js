import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
const MAX_LINES = 10_000;
/** Everything started here that still runs: ended with this process, by pid. */
const running = new Set();
process.on("exit", () => {
    for (const child of running)
        child.kill("SIGKILL");
    for (const dir of dirs)
        rmSync(dir, { recursive: true, force: true });
});
const dirs = new Set();
/** A new directory that is removed with this process. */
export function tempDir(name) {
    const dir = mkdtempSync(join(tmpdir(), `lifeline-${name}-`));
    dirs.add(dir);
    return dir;
}
/** Starts `command` with `args`, and with `env` beside this process's own environment. */
export function startChild(command, args, env = {}) {
    const child = spawn(command, args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...env },
    });
    running.add(child);
    const lines = [];
    const waiting = new Set();
    for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
            lines.push(line);
            if (lines.length > MAX_LINES)
                lines.shift();
            for (const check of waiting)
                check(line);
        });
    }
    const { promise: exited, resolve, reject } = Promise.withResolvers();
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
            if (seen !== undefined)
                return Promise.resolve(seen);
            return new Promise((found, fail) => {
                const giveUp = (why) => {
                    waiting.delete(check);
                    clearTimeout(timer);
                    // Left running it would keep the failed test from ending.
                    child.kill("SIGKILL");
                    fail(new Error(`${command} ${why} without ${pattern}:\n${lines.slice(-20).join("\n")}`));
                };
                const timer = setTimeout(() => giveUp(`ran ${ms} ms`), ms);
                const check = (line) => {
                    if (!pattern.test(line))
                        return;
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
