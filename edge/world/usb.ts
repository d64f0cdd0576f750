import { access, constants, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
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
 * (Documentation/ABI/testing/sysfs-bus-usb). It is marked before: without its driver it has no
 * port by which anybody could find it. Never rejects.
 */
export async function rebindUsb(
  usb: string,
  marks: string,
  root = "/",
  { apartMs = APART_MS, bindPauseMs = BIND_PAUSE_MS } = {},
): Promise<UsbRebinding> {
  const driver = join(root, DRIVER);
  const mark = join(marks, usb);
  try {
    for (const file of ["unbind", "bind"]) await access(join(driver, file), constants.W_OK);
    await mkdir(marks, { recursive: true });
    await writeFile(mark, "");
    await writeFile(join(driver, "unbind"), usb);
  } catch (error) {
    // It still has its driver; where the mark stays, giving it back finds that out.
    await rm(mark, { force: true }).catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    const kind = NOT_PERMITTED.includes(code ?? "") ? "refused" : "failed";
    return { kind, why: messageOf(error) };
  }
  await sleep(apartMs);
  let why = "";
  for (let tries = 0; tries < BIND_TRIES; tries++) {
    if (tries > 0) await sleep(bindPauseMs);
    const given = await giveBack(usb, marks, root);
    if (given.kind === "done") return given;
    why = given.why;
  }
  return { kind: "failed", why };
}

/** Gives back every USB device that is marked in `marks`, and tells of each. Never rejects. */
export async function giveBackUsb(
  marks: string,
  root = "/",
): Promise<readonly (UsbRebinding & { readonly usb: string })[]> {
  // Most gateways have never had to take an adapter from its driver: there is no such directory.
  const names = await readdir(marks).catch(() => []);
  const marked = names.filter((name) => USB_DEVICE.test(name));
  return await Promise.all(
    marked.map(async (usb) => ({ usb, ...(await giveBack(usb, marks, root)) })),
  );
}

/** The driver of whole USB devices, by which those of their interfaces come. */
const DRIVER = "sys/bus/usb/drivers/usb";

/** Has the driver take `usb`, where it has not, and takes the mark away. Never rejects. */
async function giveBack(usb: string, marks: string, root: string): Promise<UsbRebinding> {
  const device = join(root, "sys/bus/usb/devices", usb);
  try {
    try {
      await writeFile(join(root, DRIVER, "bind"), usb);
    } catch (error) {
      // One that has its driver cannot be bound; one that was pulled gets it when it is plugged.
      if ((await isThere(device)) && !(await isThere(join(device, "driver")))) throw error;
    }
    await rm(join(marks, usb), { force: true });
    return { kind: "done", why: "done" };
  } catch (error) {
    return { kind: "failed", why: `${usb} is without its driver: ${messageOf(error)}` };
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
