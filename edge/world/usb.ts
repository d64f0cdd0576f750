import { access, constants, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../core/errors.ts";
import type { UsbRebinding } from "../world.ts";

/** How long the adapter stays without its driver, in milliseconds. */
const APART_MS = 500;
/** How often, and how far apart, its driver is asked to take it back. */
const BIND_TRIES = 5;
const BIND_PAUSE_MS = 1000;

/** What the system says of what it will never allow this process. */
const NOT_PERMITTED: readonly string[] = ["EACCES", "EPERM", "EROFS"];

/** A USB device is named by bus and ports (`1-1.2`), its interfaces with a colon (`1-1.2:1.0`). */
const USB_DEVICE = /^\d+-\d+(\.\d+)*$/;

/**
 * The USB device behind the serial port `path`, by its name on the bus (`1-1.2`); null where the
 * port is not there or not on USB. `root` is where `/sys` is found.
 */
export async function usbOf(path: string, root = "/"): Promise<string | null> {
  try {
    const tty = basename(await realpath(path));
    const device = await realpath(join(root, "sys/class/tty", tty, "device"));
    for (let at = device; at !== dirname(at); at = dirname(at)) {
      if (USB_DEVICE.test(basename(at))) return basename(at);
    }
    return null;
  } catch {
    // Nothing of the kind: unplugged, or a port that the kernel does not list.
    return null;
  }
}

/**
 * Takes the USB device `usb` from its driver and gives it back, as if it were plugged anew
 * (Documentation/ABI/testing/sysfs-bus-usb). Never rejects.
 */
export async function rebindUsb(
  usb: string,
  root = "/",
  { apartMs = APART_MS, bindPauseMs = BIND_PAUSE_MS } = {},
): Promise<UsbRebinding> {
  const driver = join(root, "sys/bus/usb/drivers/usb");
  const [unbind, bind] = [join(driver, "unbind"), join(driver, "bind")];
  try {
    for (const file of [unbind, bind]) await access(file, constants.W_OK);
    await writeFile(unbind, usb);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const kind = NOT_PERMITTED.includes(code ?? "") ? "refused" : "failed";
    return { kind, why: messageOf(error) };
  }
  await sleep(apartMs);
  let why = "";
  for (let tries = 0; tries < BIND_TRIES; tries++) {
    if (tries > 0) await sleep(bindPauseMs);
    try {
      await writeFile(bind, usb);
      return { kind: "done", why: "done" };
    } catch (error) {
      why = messageOf(error);
    }
  }
  return { kind: "failed", why: `${usb} is without its driver: ${why}` };
}
