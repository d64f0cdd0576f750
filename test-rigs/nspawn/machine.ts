import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { startChild, tempDir } from "../processes/child.ts";
import { ownGroup, removeOwnGroup } from "./cgroup.ts";
import { plantRoot } from "./root-tree.ts";

/** What a command in the machine printed, and how it ended. */
export type Said = { readonly code: number; readonly text: string };

/** A machine whose process 1 is systemd, with this machine's `/usr` and network. */
export type Machine = {
  /** Its root, seen from outside. */
  readonly root: string;
  /** Runs `script` in it, as root, with `sh`; for a minute at most. */
  run(script: string): Promise<Said>;
  /** Runs `script` every 100 ms until `isIt` what it prints; throws what it said last after `ms`. */
  until(script: string, isIt: (text: string) => boolean, ms: number): Promise<string>;
  /** Stops its process 1, as being busy does, until a second and a half after `isIt`, for 30 s at most. */
  stall(isIt: () => boolean): Promise<void>;
  /** Ends it, with all that runs in it. */
  end(): Promise<void>;
};

const BOOT_MS = 30_000;

/**
 * Boots a machine with `files` in it, and what `fill` puts below its root; `binds` tells what else
 * of this machine it sees, read only, and under which path. It ends with this process, however that
 * ends.
 */
export async function bootMachine(
  files: Readonly<Record<string, string>>,
  binds: Readonly<Record<string, string>>,
  fill: (root: string) => void,
): Promise<Machine> {
  const root = tempDir("nspawn");
  plantRoot(root, files);
  fill(root);
  return await bootAgain(root, binds);
}

/** Boots the machine with the root `root` once more, after its end. */
export async function bootAgain(
  root: string,
  binds: Readonly<Record<string, string>>,
): Promise<Machine> {
  const seen = Object.entries({ "/usr": "/usr", ...binds });
  const join = ownGroup().map((file) => `echo $$ > ${file}; `);
  const child = startChild("setpriv", [
    ...["--pdeathsig", "KILL", "sh", "-c", `${join.join("")}exec "$@"`, "sh"],
    // Killed, systemd-nspawn leaves what it booted: the first process of a space of its own takes
    // all that runs in it along.
    ...["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"],
    ...["systemd-nspawn", "--quiet", "--directory", root],
    ...["--register=no", "--keep-unit", "--boot", "--console=pipe"],
    ...seen.map(([from, to]) => `--bind-ro=${from}:${to}`),
  ]);
  const run = async (script: string) => enter(leaderOf(child.pid), script);
  const machine: Machine = {
    root,
    run,
    until: (script, isIt, ms) => until(run, script, isIt, ms),
    stall: async (isIt) => {
      const leader = Number(leaderOf(child.pid));
      process.kill(leader, "SIGSTOP");
      for (let waits = 0; waits < 300 && !isIt(); waits++) await delay(100);
      await delay(1_500);
      process.kill(leader, "SIGCONT");
    },
    end: async () => {
      await child.end("SIGKILL");
      removeOwnGroup();
    },
  };
  try {
    await machine.until("systemctl is-active rig.target", (said) => said === "active", BOOT_MS);
  } catch (error) {
    await machine.end();
    throw new Error(child.lines.join("\n"), { cause: error });
  }
  return machine;
}

async function until(
  run: Machine["run"],
  script: string,
  isIt: (text: string) => boolean,
  ms: number,
): Promise<string> {
  const end = performance.now() + ms;
  for (;;) {
    const { text } = await run(script);
    if (isIt(text)) return text;
    if (performance.now() > end) throw new Error(`after ${ms} ms, ${script}: ${text}`);
    await delay(100);
  }
}

/** The machine's process 1, as this machine counts; null while there is none. */
function leaderOf(pid: number): string | null {
  const nspawn = childOf(String(pid));
  return nspawn === null ? null : childOf(nspawn);
}

function childOf(pid: string): string | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return children.trim().split(" ")[0] || null;
  } catch {
    return null;
  }
}

function enter(leader: string | null, script: string): Promise<Said> {
  if (leader === null) return Promise.resolve({ code: -1, text: "no machine" });
  const inside = ["--target", leader, "--mount", "--uts", "--ipc", "--net", "--pid"];
  return new Promise((resolve) => {
    execFile(
      "nsenter",
      [...inside, "sh", "-c", `exec 2>&1; ${script}`],
      { timeout: 60_000 },
      (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: stdout.trim() }),
    );
  });
}
