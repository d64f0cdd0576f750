import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { journalIn, trialIn, verdictText } from "../../edge/core/update-notes.ts";
import { missingPackages } from "../../test-rigs/debian/packages.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";

const GUARD = join(import.meta.dirname, "boot-guard");
/** Debian's shell, and that of small systems where it is installed. */
const SHELLS =
  missingPackages(["busybox"]).length > 0 ? [["dash"]] : [["dash"], ["busybox", "ash"]];

/** An installation with the releases 1.0.0, which was kept, and 1.1.0, which is started. */
function installed(
  shell: readonly string[],
  trial: string | null = "candidate=1.1.0\nprevious=1.0.0",
) {
  const [install, state] = [tempDir("guard"), tempDir("guard-state")];
  mkdirSync(join(state, "update"));
  const release = (name: string) => {
    const slot = join(install, "releases", name);
    mkdirSync(join(slot, "bin"), { recursive: true });
    mkdirSync(join(slot, "runtime", "bin"), { recursive: true });
    writeFileSync(join(slot, "bin", "lifeline"), "#!/bin/sh\n");
    chmodSync(join(slot, "bin", "lifeline"), 0o755);
    writeFileSync(join(slot, "runtime", "bin", "node"), "node");
    return slot;
  };
  const slots = { old: release("1.0.0"), new: release("1.1.0") };
  symlinkSync("releases/1.1.0", join(install, "current"));
  const kept =
    '{"at":1,"boot":"b","step":"committed","release":"1.0.0","from":null,"reason":null}\n';
  writeFileSync(join(install, "journal.jsonl"), kept);
  if (trial !== null) writeFileSync(join(install, "trial"), `${trial}\ncounter=7\n`);
  const textOf = (name: string) => {
    const file = join(install, name);
    return existsSync(file) ? readFileSync(file, "utf8") : null;
  };
  return {
    ...{ install, slots },
    /** As systemd has it run: whatever it makes is nobody's but root's, unless it says otherwise. */
    guard: () => {
      const [command = "", ...args] = [
        "sh",
        "-c",
        'umask 077; exec "$@"',
        "sh",
        ...shell,
        GUARD,
        install,
        state,
      ];
      return spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
    },
    says: (verdict: "healthy" | "unhealthy", of = "1.1.0", reason = "update.memory") => {
      const said = verdictText({ release: of, boot: "b", verdict, reason, at: 5 as WallMs });
      writeFileSync(join(state, "update", "verdict"), said);
    },
    /** So it ended, as the unit notes it, after so many seconds. */
    ended: (how: string, afterS: number) => {
      writeFileSync(join(state, "service-result"), `${how}\n`);
      const note = join(install, "trial");
      const [since = "0"] = /(?<=since=)\d+/.exec(readFileSync(note, "utf8")) ?? [];
      const begun = `since=${Number(since) - afterS}`;
      writeFileSync(note, readFileSync(note, "utf8").replace(/since=\d+/, begun));
    },
    verdict: join(state, "update", "verdict"),
    current: () => readlinkSync(join(install, "current")),
    trial: () => trialIn(textOf("trial")),
    journal: () =>
      journalIn(textOf("journal.jsonl") ?? "")
        .slice(1)
        .map(({ step, release, from, reason }) => [step, release, from, reason]),
  };
}

for (const shell of SHELLS) {
  const [, name = "dash"] = shell;

  test(`a candidate that says nothing has three starts, then the release before it (${name})`, (t) => {
    const rig = installed(shell);
    for (let tries = 1; tries <= 3; tries++) {
      t.is(rig.guard().status, 0);
      t.like(rig.trial(), { candidate: "1.1.0", previous: "1.0.0", counter: 7, tries });
      t.is(rig.current(), "releases/1.1.0");
    }
    t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.0.0");
    t.is(rig.trial(), null);
    const tried = ["tried", "1.1.0", "1.0.0", null];
    const back = ["rolled-back", "1.1.0", "1.0.0", "update.died"];
    t.deepEqual(rig.journal(), [tried, tried, tried, back]);
  });

  test(`one that hung, or ran for a while before it died, is not started again (${name})`, (t) => {
    const lost = [
      ["watchdog killed KILL", 0, "update.loop-hung"],
      ["timeout killed TERM", 0, "update.loop-hung"],
      ["oom-kill killed KILL", 1, "update.memory"],
      ["exit-code exited 1", 6, "update.died"],
      ["core-dump dumped ABRT", 60, "update.died"],
    ] as const;
    for (const [how, afterS, reason] of lost) {
      const rig = installed(shell);
      rig.guard();
      rig.ended(how, afterS);
      t.is(rig.guard().status, 0);
      t.is(rig.current(), "releases/1.0.0", how);
      t.deepEqual(rig.journal().at(-1), ["rolled-back", "1.1.0", "1.0.0", reason]);
    }
  });

  test(`one that was stopped, died soon or went with the power is started again (${name})`, (t) => {
    const again = [
      ["success exited 0", 60, (note: string) => note],
      ["exit-code exited 1", 1, (note: string) => note],
      ["watchdog killed KILL", 60, (note: string) => note.replace(/boot=.*/, "boot=another")],
      ["exit-code exited 1", 60, (note: string) => note.replace(/since=.*/, "since=never")],
    ] as const;
    for (const [how, afterS, change] of again) {
      const rig = installed(shell);
      rig.guard();
      rig.ended(how, afterS);
      const note = join(rig.install, "trial");
      writeFileSync(note, change(readFileSync(note, "utf8")));
      t.is(rig.guard().status, 0);
      t.is(rig.current(), "releases/1.1.0", how);
      t.like(rig.trial(), { tries: 2 });
    }
    const first = installed(shell);
    writeFileSync(join(first.verdict, "..", "..", "service-result"), "watchdog killed KILL\n");
    first.guard();
    t.is(first.current(), "releases/1.1.0", "what ended before the trial is another's");
  });

  test(`what is written is for the gateway to read, which is not root (${name})`, (t) => {
    const rig = installed(shell, "candidate=1.1.0\nprevious=1.0.0");
    rmSync(join(rig.install, "journal.jsonl"));
    rig.guard();
    for (const file of ["trial", "journal.jsonl"]) {
      t.is(statSync(join(rig.install, file)).mode & 0o777, 0o644, file);
    }
  });

  test(`what was kept is started however often, and nothing is written for it (${name})`, (t) => {
    const rig = installed(shell, null);
    for (let n = 0; n < 10; n++) t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.1.0");
    t.deepEqual(rig.journal(), []);
  });

  test(`a candidate that does well is kept, and counts no more (${name})`, (t) => {
    const rig = installed(shell);
    rig.guard();
    rig.says("healthy", "1.1.0", "online");
    for (let n = 0; n < 5; n++) t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.1.0");
    t.is(rig.trial(), null);
    t.deepEqual(rig.journal().at(-1), ["committed", "1.1.0", "1.0.0", null]);
    t.is(rig.journal().length, 2);
  });

  test(`a candidate that does not do well goes at once, with its reason (${name})`, (t) => {
    const rig = installed(shell);
    rig.guard();
    rig.says("unhealthy");
    t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.0.0");
    t.deepEqual(rig.journal().slice(1), [["rolled-back", "1.1.0", "1.0.0", "update.memory"]]);
  });

  test(`what a release said in an earlier trial decides nothing in this one (${name})`, (t) => {
    for (const verdict of ["healthy", "unhealthy"] as const) {
      const rig = installed(shell);
      rig.says(verdict);
      t.is(rig.guard().status, 0);
      t.like(rig.trial(), { tries: 1 });
      t.false(existsSync(rig.verdict));
      t.is(rig.current(), "releases/1.1.0");
    }
  });

  test(`a cut amid going back loses neither that nor its reason (${name})`, (t) => {
    const rig = installed(shell, "candidate=1.1.0\nprevious=1.0.0\ntries=2");
    rig.says("unhealthy");
    rmSync(join(rig.install, "current"));
    symlinkSync("releases/1.0.0", join(rig.install, "current"));
    t.is(rig.guard().status, 0);
    t.is(rig.trial(), null);
    t.deepEqual(rig.journal(), [["rolled-back", "1.1.0", "1.0.0", "update.memory"]]);
  });

  test(`a verdict on another release, a torn one or what is no file says nothing (${name})`, (t) => {
    const rig = installed(shell);
    rig.says("healthy", "1.0.9");
    rig.guard();
    writeFileSync(rig.verdict, '{"release":"1.1.0","boot":"b","verdict":"heal');
    rig.guard();
    rmSync(rig.verdict);
    mkdirSync(rig.verdict);
    rig.guard();
    t.like(rig.trial(), { tries: 3 });
    t.is(rig.current(), "releases/1.1.0");
  });

  test(`a candidate that was never put in place is given up, and nothing is held against it (${name})`, (t) => {
    const rig = installed(shell, "candidate=1.2.0\nprevious=1.1.0");
    t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.1.0");
    t.is(rig.trial(), null);
    t.deepEqual(rig.journal(), []);
  });

  test(`a damaged note of a trial leads to the release that was kept last (${name})`, (t) => {
    for (const note of ["", "candidate=", "candidate=../../etc\nprevious=1.0.0", "candidate=1.1"]) {
      const rig = installed(shell, note);
      t.is(rig.guard().status, 0);
      t.is(rig.current(), "releases/1.0.0", note);
      t.is(rig.trial(), null);
      const bare = installed(shell, note);
      rmSync(join(bare.install, "journal.jsonl"));
      t.is(bare.guard().status, 0);
      t.is(bare.current(), "releases/1.0.0", "also where no release was ever kept");
    }
  });

  test(`a release that is broken is never gone back to (${name})`, (t) => {
    const rig = installed(shell, "candidate=1.1.0\nprevious=1.0.0\ntries=3");
    writeFileSync(join(rig.slots.old, "bin", "lifeline"), "");
    t.is(rig.guard().status, 0);
    t.is(rig.current(), "releases/1.1.0", "rather a candidate than nothing");
  });

  test(`where the link leads nowhere whatever is whole is started (${name})`, (t) => {
    for (const target of ["releases/9.9.9", "releases/1.1.0"]) {
      const rig = installed(shell, null);
      rmSync(join(rig.install, "current"));
      symlinkSync(target, join(rig.install, "current"));
      rmSync(join(rig.slots.new, "runtime"), { recursive: true });
      t.is(rig.guard().status, 0);
      t.is(rig.current(), "releases/1.0.0");
    }
    const bare = installed(shell, null);
    rmSync(join(bare.install, "current"));
    rmSync(join(bare.install, "journal.jsonl"));
    mkdirSync(join(bare.install, "releases", "1.2.0.new"));
    t.is(bare.guard().status, 0);
    t.is(bare.current(), "releases/1.1.0");
  });

  test(`nothing installed at all is no reason to stop the gateway (${name})`, (t) => {
    const empty = tempDir("guard-empty");
    const [command = "", ...args] = [...shell, GUARD, empty, empty];
    t.is(spawnSync(command, args, { timeout: 20_000 }).status, 0);
  });

  test(`a torn line of the journal costs only itself (${name})`, (t) => {
    const rig = installed(shell);
    const file = join(rig.install, "journal.jsonl");
    writeFileSync(file, `${readFileSync(file, "utf8")}{"at":2,"bo`);
    rig.guard();
    t.deepEqual(rig.journal(), [["tried", "1.1.0", "1.0.0", null]]);
  });
}
