import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FIELD_SIZES, layoutOf, partitionOf } from "../../ota/image/layout.ts";
import { runTool } from "../../ota/image/tool.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";

/** By this address the board reaches what listens on 127.0.0.1 of this machine. */
export const HOST_SEEN_FROM_BOARD = "10.0.2.2";

/** A file of the first set's boot partition of `card`, in a folder of its own. */
function bootFile(card: string, name: string): string {
  const file = join(tempDir("boot"), name);
  const { start } = partitionOf(layoutOf(FIELD_SIZES), "boot-a");
  runTool("mcopy", ["-n", "-i", `${card}@@${start}`, `::/${name}`, file]);
  return file;
}

/**
 * Starts a board of two 64-bit ARM cores with 1 GB of memory and `card` in it, emulated: with the
 * kernel, the initramfs and the command line of the card's own boot partition, but for the console.
 * Its lines are what stands on the console, the journal among it; `consoleFile` gets them too.
 */
export function startBoard(card: string, consoleFile?: string): Child {
  const own = readFileSync(bootFile(card, "cmdline.txt"), "utf8").trim();
  const line = own.replace("console=tty1 quiet", "console=ttyAMA0");
  const journal = "systemd.journald.forward_to_console=1 systemd.journald.max_level_console=info";
  const told = `systemd.log_color=0 systemd.show_status=0 ${journal}`;
  const kept = consoleFile === undefined ? "" : `,logfile=${consoleFile},logappend=on`;
  return startChild("qemu-system-aarch64", [
    ...["-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "1024", "-no-reboot"],
    ...["-display", "none", "-chardev", `stdio,id=console${kept}`, "-serial", "chardev:console"],
    ...["-kernel", bootFile(card, "kernel.img"), "-initrd", bootFile(card, "initrd")],
    ...["-append", `${line} ${told}`],
    ...["-drive", `file=${card},if=none,format=raw,id=card`],
    ...["-device", "virtio-blk-device,drive=card"],
    ...["-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net"],
  ]);
}
