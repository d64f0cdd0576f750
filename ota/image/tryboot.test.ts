import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { fillSelector } from "./selector.ts";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/tryboot");
const SHELLS = [["dash"], ["busybox", "sh"]] as const;

type Set = "A" | "B";

/** A board with its card: what the firmware says, and what its next start begins. */
function board(shell: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-tryboot-"));
  const at = (name: string) => join(dir, name);
  const [card, run, bootloader] = [at("card"), at("run"), at("bootloader")];
  for (const each of [card, run, bootloader]) mkdirSync(each);
  fillSelector(card, { release: "0.2.0", hardware: [] });
  writeFileSync(at("vcio"), "");
  const told = (name: string, value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    writeFileSync(join(bootloader, name), bytes);
  };
  told("build-timestamp", Date.UTC(2024, 3, 1) / 1000);
  const start = (set: Set) => {
    rmSync(run, { recursive: true });
    mkdirSync(run);
    const root = set === "A" ? "root-a" : "root-b";
    writeFileSync(at("cmdline"), `lifeline.root=${root} rauc.slot=${set} ro console=tty1\n`);
    told("partition", set === "A" ? 2 : 3);
  };
  start("A");
  const autoboot = join(card, "autoboot.txt");
  /** The set that the firmware begins from autoboot.txt: the other one where the flag is set. */
  const chosen = (isTry: boolean): Set => {
    const text = readFileSync(autoboot, "utf8");
    const section = text.split("[tryboot]")[isTry ? 1 : 0] ?? "";
    return section.includes("boot_partition=2") ? "A" : "B";
  };
  return {
    autoboot,
    told,
    at,
    start,
    /** Restarts, as systemd does; whose power was cut begins without what is in /run. */
    restart: (isCut = false) => {
      const flag = join(run, "systemd/reboot-param");
      const isTry = !isCut && existsSync(flag) && readFileSync(flag, "utf8") === "0 tryboot\n";
      const next = chosen(isTry);
      start(next);
      return next;
    },
    does: (...args: readonly string[]) => {
      const env = {
        ...{ CARD: card, RUN: run, BOOTLOADER: bootloader, VCIO: at("vcio") },
        ...{ STATE: at("state"), CMDLINE: at("cmdline") },
      };
      const [command = "", ...before] = shell;
      const done = spawnSync(command, [...before, SCRIPT, ...args], { env, encoding: "utf8" });
      return { code: done.status, told: done.stdout.trim(), why: done.stderr.trim() };
    },
  };
}

for (const shell of SHELLS) {
  const name = shell.join(" ");

  test(`an update is tried once, kept from within, and then is what starts (${name})`, (t) => {
    const { does, restart, autoboot } = board(shell);
    t.is(does("get-primary").told, "A");
    t.is(does("get-state", "B").told, "bad");
    // As RAUC goes: the other set is bad, is written, and becomes the next.
    t.is(does("set-state", "B", "bad").code, 0);
    t.is(does("set-primary", "B").code, 0);
    t.is(does("get-primary").told, "B");
    t.is(does("is-trial").code, 1);
    const { ino, size } = statSync(autoboot);
    t.is(restart(), "B");
    t.is(does("is-trial").code, 0);
    t.is(does("get-primary").told, "A", "until it is kept");
    t.is(does("set-state", "B", "good").code, 0);
    t.is(does("get-primary").told, "B");
    t.is(restart(), "B");
    t.is(does("get-current").told, "B");
    t.is(does("get-state", "B").told, "good");
    t.like(statSync(autoboot), { ino, size }, "one sector, written in place");
  });

  test(`a system that dies on trial, or a power cut before it, leads back to the one before (${name})`, (t) => {
    const { does, restart } = board(shell);
    does("set-state", "B", "bad");
    does("set-primary", "B");
    t.is(restart(true), "A", "the power was cut before the restart");
    t.is(does("get-primary").told, "A");
    does("set-primary", "B");
    t.is(restart(), "B");
    t.is(restart(), "A", "it died");
    t.is(does("get-state", "B").told, "bad");
  });

  test(`what was meant to be tried can be taken back (${name})`, (t) => {
    const { does, restart } = board(shell);
    does("set-primary", "B");
    t.is(does("set-primary", "A").code, 0);
    t.is(restart(), "A");
    does("set-primary", "B");
    t.is(does("set-state", "B", "bad").code, 0);
    t.is(restart(), "A");
  });

  test(`a set that does not run is never kept, whatever old firmware says (${name})`, (t) => {
    const { does, told, restart, start, autoboot } = board(shell);
    const before = readFileSync(autoboot, "utf8");
    // B is marked good from A: it is empty, and nothing but a note.
    t.is(does("set-state", "B", "good").code, 0);
    t.is(readFileSync(autoboot, "utf8"), before);
    t.is(restart(), "A");
    // The firmware says that it began B, but A runs; and the other way round.
    told("partition", 3);
    does("set-state", "A", "good");
    t.is(readFileSync(autoboot, "utf8"), before);
    start("B");
    told("partition", 2);
    const kept = does("set-state", "B", "good");
    t.is(kept.code, 1);
    t.regex(kept.why, /firmware says partition 2, but B runs: nothing is kept/);
    t.is(readFileSync(autoboot, "utf8"), before);
  });

  test(`a board that cannot try is refused before anything is written (${name})`, (t) => {
    const { does, told, at } = board(shell);
    const refused = (why: RegExp) => {
      for (const args of [
        ["set-state", "B", "bad"],
        ["set-primary", "B"],
      ]) {
        const done = does(...args);
        t.is(done.code, 1);
        t.regex(done.why, why);
      }
      t.is(does("get-primary").told, "A");
    };
    told("build-timestamp", Date.UTC(2022, 11, 31) / 1000);
    refused(/EEPROM\) is of before 2023/);
    told("build-timestamp", Date.UTC(2023, 0, 1) / 1000);
    rmSync(at("vcio"));
    refused(/this kernel cannot pass tryboot/);
    writeFileSync(at("vcio"), "");
    rmSync(join(at("bootloader"), "build-timestamp"));
    refused(/does not say how old it is/);
  });

  test(`an autoboot.txt that somebody else wrote is left alone, and told of (${name})`, (t) => {
    const { does, autoboot } = board(shell);
    writeFileSync(autoboot, "[all]\nboot_partition=4\n");
    for (const args of [["get-primary"], ["set-primary", "B"], ["set-state", "A", "good"]]) {
      const done = does(...args);
      t.is(done.code, 1);
      t.regex(done.why, /autoboot\.txt is not as this system writes it/);
    }
    t.is(readFileSync(autoboot, "utf8"), "[all]\nboot_partition=4\n");
  });

  test(`a call that is none is refused (${name})`, (t) => {
    const { does } = board(shell);
    for (const args of [[], ["get-state"], ["set-primary", "C"], ["set-state", "A", "fine"]]) {
      t.is(does(...args).code, 1);
    }
  });
}
