import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** How to tell that a Debian package is there: by a command or by a file. */
export type Mark = { readonly command: string } | { readonly file: string };

/** Every Debian package that a test needs, named as apt names it. */
export const PACKAGES = {
  mosquitto: { command: "mosquitto" },
  mtools: { command: "mcopy" },
  dosfstools: { command: "mkfs.fat" },
  fdisk: { command: "sfdisk" },
  openssl: { command: "openssl" },
  "mosquitto-clients": { command: "mosquitto_sub" },
  mbpoll: { command: "mbpoll" },
  "libmodbus-dev": { file: "/usr/include/modbus/modbus.h" },
  "libmosquitto-dev": { file: "/usr/include/mosquitto.h" },
  "python3-pymodbus": { file: "/usr/lib/python3/dist-packages/pymodbus/__init__.py" },
  "python3-serial-asyncio": { file: "/usr/lib/python3/dist-packages/serial_asyncio" },
  gcc: { command: "cc" },
  "libc6-dev": { file: "/usr/include/stdlib.h" },
  "libfuse3-dev": { file: "/usr/include/fuse3/fuse.h" },
  faketime: { command: "faketime" },
  iproute2: { command: "ip" },
  "iputils-ping": { command: "ping" },
  e2fsprogs: { command: "mkfs.ext4" },
  tshark: { command: "tshark" },
  systemd: { command: "systemd-notify" },
  "systemd-container": { command: "systemd-nspawn" },
  "python3-prometheus-client": {
    file: "/usr/lib/python3/dist-packages/prometheus_client/parser.py",
  },
  "qemu-user": { command: "qemu-aarch64" },
  // Brings those of C along.
  "libstdc++6-arm64-cross": { file: "/usr/aarch64-linux-gnu/lib/libstdc++.so.6" },
  "poppler-utils": { command: "pdftotext" },
  busybox: { command: "busybox" },
  perl: { command: "perl" },
  tmux: { command: "tmux" },
  chromium: { command: "chromium" },
  "fonts-noto-cjk": { file: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc" },
  zsh: { command: "zsh" },
  fish: { command: "fish" },
  mandoc: { command: "mandoc" },
  python3: { command: "python3" },
  make: { command: "make" },
  "gcc-avr": { command: "avr-gcc" },
  "avr-libc": { file: "/usr/lib/avr/include/avr/io.h" },
  "arduino-core-avr": {
    file: "/usr/share/arduino/hardware/arduino/avr/bootloaders/optiboot/optiboot.c",
  },
} as const satisfies Readonly<Record<string, Mark>>;

/** What a command of its own needs beside these, and no test. */
const OF_COMMANDS = {
  "qemu-system-arm": { command: "qemu-system-aarch64" },
  swtpm: { command: "swtpm" },
  "tpm2-tools": { command: "tpm2_clear" },
  "libtss2-tcti-swtpm0": { file: "/usr/share/doc/libtss2-tcti-swtpm0" },
} as const satisfies Readonly<Record<string, Mark>>;

/** The name of one that a test needs. */
export type PackageName = keyof typeof PACKAGES;
/** The name of one that a test or a command needs. */
export type AnyPackage = PackageName | keyof typeof OF_COMMANDS;

/** Which of `names` (left out: of all that tests need) are not installed. */
export function missingPackages<Name extends AnyPackage = PackageName>(
  names: readonly Name[] = Object.keys(PACKAGES) as Name[],
): readonly Name[] {
  const marks: Readonly<Record<AnyPackage, Mark>> = { ...PACKAGES, ...OF_COMMANDS };
  return names.filter((name) => !isThere(marks[name]));
}

/** The line that installs `names`. */
export function installLine(names: readonly AnyPackage[]): string {
  return `sudo apt-get install -y ${names.join(" ")}`;
}

/** Whether `name` can be run, from the search path or where Debian puts daemons. */
export function hasCommand(name: string): boolean {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return directories.some((directory) => isExecutable(join(directory, name)));
}

function isThere(mark: Mark): boolean {
  return "command" in mark ? hasCommand(mark.command) : existsSync(mark.file);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
