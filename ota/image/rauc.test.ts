import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { fillBundle } from "./bundle.ts";
import { fillSelector } from "./selector.ts";

const ROOT = join(import.meta.dirname, "root");
const NEEDED = ["rauc", "dbus-run-session", "losetup", "mksquashfs", "openssl", "mke2fs"];
/**
 * Not in the list of packages that tests install: it is for whoever works on the system layer. The
 * tests of its back end need nothing of it.
 */
const isPossible =
  process.getuid?.() === 0 &&
  NEEDED.every((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0) &&
  /squashfs/.test(readFileSync("/proc/filesystems", "utf8"));

const testWithRauc = isPossible ? test : () => {};

const MIB = 1_048_576;

/** Slots on loop devices, a bundle, and the back end of the image with a board's firmware about it. */
function system(t: { teardown(end: () => void): void }) {
  const dir = tempDir("rauc");
  const at = (name: string) => join(dir, name);
  const loops = new Map<string, string>();
  for (const [name, mib] of [
    ["root-a", 2],
    ["root-b", 2],
    ["boot-a", 4],
    ["boot-b", 4],
  ] as const) {
    writeFileSync(at(name), "");
    truncateSync(at(name), mib * MIB);
    const args = ["--find", "--show", at(name)];
    const loop = execFileSync("losetup", args, { encoding: "utf8" }).trim();
    t.teardown(() => void spawnSync("losetup", ["--detach", loop]));
    loops.set(name, loop);
  }
  for (const each of ["card", "run", "bootloader", "mount", "tree"]) mkdirSync(at(each));
  fillSelector(at("card"), { release: "0.2.0", hardware: [] });
  writeFileSync(at("cmdline"), "lifeline.root=root-a rauc.slot=A ro\n");
  writeFileSync(at("vcio"), "");
  const stamp = Buffer.alloc(4);
  stamp.writeUInt32BE(Date.UTC(2024, 3, 1) / 1000);
  writeFileSync(join(at("bootloader"), "build-timestamp"), stamp);
  const subject = ["-subj", "/CN=releases", "-days", "2"];
  const pair = ["-keyout", at("key.pem"), "-out", at("cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...pair], {
    stdio: "ignore",
  });
  const config = readFileSync(join(ROOT, "etc/rauc/system.conf"), "utf8")
    .replaceAll(/\/dev\/disk\/by-partlabel\/(\S+)/g, (_, name) => `${loops.get(name)}`)
    .replaceAll("type=vfat", "type=ext4")
    .replace("formats=verity", "formats=plain")
    .replace("/etc/rauc/keyring.pem", at("cert.pem"))
    .replace("/usr/lib/lifeline/tryboot", join(ROOT, "usr/lib/lifeline/tryboot"))
    .replace("/var/lib/rauc/status", at("status"))
    .replace("/run/rauc", at("mount"));
  writeFileSync(at("system.conf"), config);
  writeFileSync(at("root.img"), Buffer.alloc(MIB, "the new root\n"));
  writeFileSync(join(at("tree"), "cmdline.txt"), "lifeline.root=root-a rauc.slot=A ro quiet\n");
  writeFileSync(at("boot.ext4"), "");
  truncateSync(at("boot.ext4"), 4 * MIB);
  execFileSync("mke2fs", ["-q", "-F", "-t", "ext4", "-d", at("tree"), at("boot.ext4")]);
  const parts = { root: at("root.img"), boot: at("boot.ext4"), version: "0.2.0" };
  fillBundle(at("content"), parts, "plain");
  const signing = ["--cert", at("cert.pem"), "--key", at("key.pem")];
  execFileSync("rauc", [...signing, "bundle", at("content"), at("new.raucb")], { stdio: "ignore" });
  const env = {
    ...process.env,
    ...{ CARD: at("card"), RUN: at("run"), BOOTLOADER: at("bootloader"), VCIO: at("vcio") },
    ...{ STATE: at("state"), CMDLINE: at("cmdline") },
  };
  const script = `export DBUS_STARTER_BUS_TYPE=session; rauc -c ${at("system.conf")} --override-boot-slot=A service &
    for try in 1 2 3 4 5 6 7 8 9; do rauc status >/dev/null 2>&1 && break; sleep 1; done
    rauc install "$0"; code=$?; kill $!; exit $code`;
  return {
    at,
    loops,
    install: (bundle: string) => {
      const args = ["--", "sh", "-c", script, bundle];
      const done = spawnSync("dbus-run-session", args, { env, encoding: "utf8", timeout: 60_000 });
      return { code: done.status, told: `${done.stdout}${done.stderr}` };
    },
  };
}

testWithRauc(
  "RAUC writes the set that does not run, makes it that set's, and has it tried",
  (t) => {
    t.timeout(120_000);
    const { at, loops, install } = system(t);
    const { code, told } = install(at("new.raucb"));
    t.is(code, 0, told);
    t.true(
      readFileSync(at("root-b"))
        .subarray(0, MIB)
        .equals(readFileSync(at("root.img"))),
    );
    t.true(
      readFileSync(at("root-a")).every((byte) => byte === 0),
      "what runs is left alone",
    );
    const line = execFileSync("debugfs", ["-R", "cat cmdline.txt", `${loops.get("boot-b")}`], {
      encoding: "utf8",
      stdio: "pipe",
    });
    t.is(line, "lifeline.root=root-b rauc.slot=B ro quiet\n");
    t.is(readFileSync(join(at("run"), "systemd/reboot-param"), "utf8"), "0 tryboot\n");
    t.is(readFileSync(join(at("run"), "lifeline-try"), "utf8"), "B\n");
    t.regex(
      readFileSync(join(at("card"), "autoboot.txt"), "utf8"),
      /\[all\]\n.*\nboot_partition=2/,
    );
  },
);

testWithRauc(
  "RAUC writes nothing where a bundle was changed, or the board cannot try a system",
  (t) => {
    t.timeout(120_000);
    const { at, install } = system(t);
    const nothing = () => readFileSync(at("root-b")).every((byte) => byte === 0);
    const bytes = readFileSync(at("new.raucb"));
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    writeFileSync(at("changed.raucb"), bytes);
    t.not(install(at("changed.raucb")).code, 0);
    t.true(nothing());
    copyFileSync(at("new.raucb"), at("again.raucb"));
    rmSync(at("vcio"));
    const { code, told } = install(at("again.raucb"));
    t.not(code, 0);
    t.regex(told, /this kernel cannot pass tryboot/);
    t.true(nothing());
  },
);
