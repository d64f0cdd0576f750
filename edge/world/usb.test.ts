import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { rebindUsb, usbOf } from "./usb.ts";

const USB_PORT = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.2/1-1.2:1.0/ttyUSB0";
const BUILT_IN = "sys/devices/platform/serial8250";

/** A directory that looks like a machine with an adapter on a hub and a port of its own. */
function machine() {
  const root = tempDir("sysfs");
  const file = (path: string, text = "") => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  const link = (target: string, path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(root, target), join(root, path));
  };
  for (const dir of [USB_PORT, BUILT_IN]) mkdirSync(join(root, dir), { recursive: true });
  link(USB_PORT, "sys/class/tty/ttyUSB0/device");
  link(BUILT_IN, "sys/class/tty/ttyS0/device");
  file("dev/ttyUSB0");
  file("dev/ttyS0");
  link("dev/ttyUSB0", "dev/serial/by-id/usb-FTDI-if00");
  const unbind = file("sys/bus/usb/drivers/usb/unbind");
  const bind = file("sys/bus/usb/drivers/usb/bind");
  return { root, unbind, bind, at: (path: string) => join(root, path) };
}

const SOON = { apartMs: 1, bindPauseMs: 1 };

test("the adapter of a port is found behind hubs, by whatever name the port goes", async (t) => {
  const { root, at } = machine();
  t.is(await usbOf(at("dev/ttyUSB0"), root), "1-1.2");
  t.is(await usbOf(at("dev/serial/by-id/usb-FTDI-if00"), root), "1-1.2");
});

test("a port that is built in, or not there, has no adapter", async (t) => {
  const { root, at } = machine();
  t.is(await usbOf(at("dev/ttyS0"), root), null);
  t.is(await usbOf(at("dev/ttyUSB7"), root), null);
  t.is(await usbOf(at("dev/ttyUSB0"), at("nowhere")), null);
});

test("the adapter is taken from its driver and given back", async (t) => {
  const { root, unbind, bind } = machine();
  t.deepEqual(await rebindUsb("1-1.2", root, SOON), { kind: "done", why: "done" });
  t.is(readFileSync(unbind, "utf8"), "1-1.2");
  t.is(readFileSync(bind, "utf8"), "1-1.2");
});

test("where it could not be given back it is not taken", async (t) => {
  const { root, unbind, bind } = machine();
  rmSync(bind);
  const { kind, why } = await rebindUsb("1-1.2", root, SOON);
  t.is(kind, "failed");
  t.regex(why, /bind/);
  t.is(readFileSync(unbind, "utf8"), "");
});

test("a driver that does not take it back is asked again, and then told of", async (t) => {
  const { root, bind } = machine();
  rmSync(bind);
  mkdirSync(bind);
  const { kind, why } = await rebindUsb("1-1.2", root, SOON);
  t.is(kind, "failed");
  t.regex(why, /1-1\.2 is without its driver: .*EISDIR/);
});

if (process.getuid?.() !== 0) {
  test("without permission nothing is done, and the reason says so", async (t) => {
    const { root, unbind } = machine();
    chmodSync(unbind, 0o400);
    const { kind, why } = await rebindUsb("1-1.2", root, SOON);
    t.is(kind, "refused");
    t.regex(why, /EACCES/);
  });
}
