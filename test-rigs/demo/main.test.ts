import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import test, { type ExecutionContext } from "ava";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** A directory for the demo's temporary files, so that what it leaves behind can be seen. */
function ownTmp(t: ExecutionContext): { readonly dir: string; readonly env: NodeJS.ProcessEnv } {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-demo-test-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return { dir, env: { ...process.env, TMPDIR: dir } };
}

/** Processes whose command line names `dir`. */
function processesNaming(dir: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dir);
    } catch {
      return false; // It ended while we were looking.
    }
  });
}

/** Runs `child` to its end. */
async function outcome(t: ExecutionContext, child: ChildProcess) {
  t.teardown(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (text) => {
    stdout += text;
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

test("the story of twenty seconds ends with a verdict that holds", async (t) => {
  const { dir, env } = ownTmp(t);
  const args = [MAIN, "--seconds", "20", "--json", "--lang", "en"];
  const { code, stdout, stderr } = await outcome(t, spawn(process.execPath, args, { env }));
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(stderr, "");
  t.deepEqual(
    lines.filter(({ kind }) => kind === "step").map(({ step }) => step),
    ["calm", "leak", "outage", "return", "repair", "rest", "stopping"],
  );
  t.like(lines.at(-1), {
    kind: "verdict",
    ok: true,
    gaps: 0,
    duplicates: 0,
    conflicts: 0,
    missing: 0,
    yellow: 2,
    red: 2,
    exit: 0,
    farewell: "offline",
  });
  t.true(lines.at(-1).backlog > 0);
  t.true(lines.some(({ kind, uplink }) => kind === "status" && uplink === "disconnected"));
  t.is(code, 0);
  t.deepEqual(readdirSync(dir), []);
  t.deepEqual(processesNaming(dir), []);
});

test("Ctrl-C in the live view gives the terminal back and leaves nothing behind", async (t) => {
  const { dir, env } = ownTmp(t);
  const terminal = spawnInTerminal(process.execPath, [MAIN, "--seconds", "90", "--lang", "en"], {
    cols: 80,
    rows: 24,
    env,
  });
  let shown = "";
  const ended = new Promise<number>((resolve) =>
    terminal.onExit(({ exitCode }) => resolve(exitCode)),
  );
  await new Promise<void>((resolve) =>
    terminal.onData((text) => {
      shown += text;
      if (/gas-1\.methane +\d/.test(shown)) resolve();
    }),
  );
  terminal.write("\x03");
  t.is(await ended, 130);
  t.true(shown.includes("\x1b[?1049h"));
  t.true(shown.includes("\x1b[?25h\x1b[?7h\x1b[?1049l"));
  t.deepEqual(readdirSync(dir), []);
  t.deepEqual(processesNaming(dir), []);
});

test("wrong arguments are refused with the usage", async (t) => {
  for (const args of [["--seconds", "9"], ["--seconds", "x"], ["--lang", "de"], ["--colour"]]) {
    const { code, stdout, stderr } = await outcome(t, spawn(process.execPath, [MAIN, ...args]));
    t.is(code, 2);
    t.is(stdout, "");
    t.regex(stderr, /^usage: /);
  }
});
