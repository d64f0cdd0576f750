import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

/** Boards that an image is for: Raspberry Pi 4, 400, Compute Module 4, and 5. */
const BOARDS = /^bcm(2711-rpi-(4-b|400|cm4-io)|2712(-d)?-rpi-5-b)\.dtb$/;
/** The firmware that a Raspberry Pi 4 loads from the card; that of a 5 is in its EEPROM. */
const FIRMWARE = /^(start4|fixup4)\.(elf|dat)$/;

/** os_check: the firmware of a Raspberry Pi 5 else starts no kernel but those of its maker. */
const CONFIG = `arm_64bit=1
kernel=kernel.img
initramfs initrd followkernel
upstream_kernel=1
os_check=0
enable_uart=1
disable_splash=1
`;

/** No console on the UART: a RS-485 board may hang there. What names the set is changed by `rauc-hook`. */
function commandLine(root: "root-a" | "root-b"): string {
  const set = root === "root-a" ? "A" : "B";
  return `lifeline.root=${root} rauc.slot=${set} ro console=tty1 quiet loglevel=4 panic=10\n`;
}

/**
 * Fills `folder` with what a boot partition holds, from what `stage-root` left in `work`.
 */
export function fillBoot(folder: string, work: string, root: "root-a" | "root-b"): void {
  const modules = join(work, "kernel/usr/lib/modules");
  const [version] = readdirSync(modules);
  if (version === undefined) throw new Error(`there is no kernel in ${modules}`);
  const kernel = join(modules, version);
  mkdirSync(folder, { recursive: true });
  const packed = gzipSync(readFileSync(join(kernel, "vmlinuz")), {
    level: constants.Z_BEST_COMPRESSION,
  });
  writeFileSync(join(folder, "kernel.img"), packed);
  copyFileSync(join(work, "initrd"), join(folder, "initrd"));
  const trees = join(kernel, "dtb/broadcom");
  for (const each of readdirSync(trees).filter((name) => BOARDS.test(name))) {
    copyFileSync(join(trees, each), join(folder, each));
  }
  const firmware = join(work, "kernel/usr/lib/raspi-firmware");
  for (const each of readdirSync(firmware).filter((name) => FIRMWARE.test(name))) {
    copyFileSync(join(firmware, each), join(folder, each));
  }
  cpSync(join(firmware, "overlays"), join(folder, "overlays"), { recursive: true });
  writeFileSync(join(folder, "config.txt"), CONFIG);
  writeFileSync(join(folder, "cmdline.txt"), commandLine(root));
}
