import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const UNITS = fileURLToPath(new URL("../../ota/systemd/", import.meta.url));

/** What a machine of this rig has no use for, or what only a whole Debian could start. */
const MASKED = [
  "dbus.service",
  "dbus.socket",
  "ldconfig.service",
  "systemd-firstboot.service",
  "systemd-hwdb-update.service",
  "systemd-journal-catalog-update.service",
  "systemd-journal-flush.service",
  "systemd-logind.service",
  "systemd-sysusers.service",
  "systemd-tmpfiles-clean.timer",
  "systemd-udev-trigger.service",
  "systemd-udevd.service",
  "systemd-update-done.service",
  "systemd-update-utmp.service",
];

/** Users as an image has them; `neighbour` stands for whoever else has files. */
const USERS = ["root:x:0:0", "lifeline:x:990:990", "neighbour:x:991:991", "nobody:x:65534:65534"];
const GROUPS = ["root:x:0:", "tty:x:5:", "dialout:x:20:", "lifeline:x:990:", "neighbour:x:991:"];

const TARGET = `[Unit]
Requires=basic.target
After=basic.target
AllowIsolate=yes
`;

/**
 * Fills `root` with what a machine needs beside this machine's own `/usr`: a second or so is saved
 * for each megabyte that is not unpacked. `files` are written into it, by their path from the root;
 * those whose path has a `bin` in it can be run.
 */
export function plantRoot(root: string, files: Readonly<Record<string, string>>): void {
  // Its owner's alone as made; a root is everybody's.
  chmodSync(root, 0o755);
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  for (const name of ["usr", "run", "proc", "sys", "dev", "root", "home", "var/log", "var/lib"]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  mkdirSync(join(root, "tmp"), { mode: 0o1777 });
  const all = {
    "etc/passwd": USERS.map((user) => `${user}::/:/bin/sh\n`).join(""),
    "etc/group": `${GROUPS.join("\n")}\n`,
    "etc/hostname": "rig\n",
    "etc/machine-id": "",
    "etc/systemd/system/rig.target": TARGET,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: path.includes("/bin/") ? 0o755 : 0o644 });
  }
  cpSync(realpathSync("/etc/os-release"), join(root, "etc/os-release"));
  const system = join(root, "etc/systemd/system");
  cpSync(UNITS, system, { recursive: true });
  symlinkSync("rig.target", join(system, "default.target"));
  for (const unit of MASKED) symlinkSync("/dev/null", join(system, unit));
}
