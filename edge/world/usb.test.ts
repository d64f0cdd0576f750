import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { giveBackUsb, rebindUsb, usbOf } from "./usb.ts";

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
  const device = join(root, "sys/bus/usb/devices/1-1.2");
  mkdirSync(device, { recursive: true });
  const unbind = file("sys/bus/usb/drivers/usb/unbind");
  const bind = file("sys/bus/usb/drivers/usb/bind");
  const at = (path: string) => join(root, path);
  return { root, marks: at("marks"), device, unbind, bind, at };
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
  const { root, marks, unbind, bind } = machine();
  t.deepEqual(await rebindUsb("1-1.2", marks, root, SOON), { kind: "done", why: "done" });
  t.is(readFileSync(unbind, "utf8"), "1-1.2");
  t.is(readFileSync(bind, "utf8"), "1-1.2");
  t.deepEqual(readdirSync(marks), []);
});

test("while it is without its driver it is marked, and given back by whoever finds the mark", async (t) => {
  const { root, marks, bind } = machine();
  const begun = rebindUsb("1-1.2", marks, root, { apartMs: 200, bindPauseMs: 1 });
  // As a start behind a process that was killed between the two.
  while (!existsSync(join(marks, "1-1.2"))) await new Promise((next) => setImmediate(next));
  t.deepEqual(await giveBackUsb(marks, root), [{ usb: "1-1.2", kind: "done", why: "done" }]);
  t.is(readFileSync(bind, "utf8"), "1-1.2");
  t.deepEqual(await giveBackUsb(marks, root), []);
  t.is((await begun).kind, "done");
});

test("an adapter that has its driver again, or was pulled, is no longer given back", async (t) => {
  const { root, marks, device, bind } = machine();
  rmSync(bind);
  mkdirSync(bind);
  mkdirSync(marks);
  writeFileSync(join(marks, "1-1.2"), "");
  t.like(await giveBackUsb(marks, root), [{ kind: "failed" }]);
  mkdirSync(join(device, "driver"));
  t.like(await giveBackUsb(marks, root), [{ kind: "done" }]);
  t.deepEqual(readdirSync(marks), []);
  writeFileSync(join(marks, "1-1.2"), "");
  rmSync(device, { recursive: true });
  t.like(await giveBackUsb(marks, root), [{ kind: "done" }]);
  t.deepEqual(readdirSync(marks), []);
});

test("where nothing was ever taken nothing is given back, and nothing made", async (t) => {
  const { root, marks } = machine();
  t.deepEqual(await giveBackUsb(marks, root), []);
  t.false(existsSync(marks));
});

test("what cannot be marked is not taken from its driver", async (t) => {
  const { root, marks, unbind } = machine();
  writeFileSync(marks, "");
  t.is((await rebindUsb("1-1.2", marks, root, SOON)).kind, "failed");
  t.is(readFileSync(unbind, "utf8"), "");
});

test("where it could not be given back it is not taken", async (t) => {
  const { root, marks, unbind, bind } = machine();
  rmSync(bind);
  const { kind, why } = await rebindUsb("1-1.2", marks, root, SOON);
  t.is(kind, "failed");
  t.regex(why, /bind/);
  t.is(readFileSync(unbind, "utf8"), "");
});

test("a driver that does not take it back is asked again, and then told of", async (t) => {
  const { root, marks, bind } = machine();
  rmSync(bind);
  mkdirSync(bind);
  const { kind, why } = await rebindUsb("1-1.2", marks, root, SOON);
  t.is(kind, "failed");
  t.regex(why, /1-1\.2 is without its driver: .*EISDIR/);
  t.deepEqual(readdirSync(marks), ["1-1.2"]);
});

if (process.getuid?.() !== 0) {
  test("without permission nothing is done, and the reason says so", async (t) => {
    const { root, marks, unbind } = machine();
    chmodSync(unbind, 0o400);
    const { kind, why } = await rebindUsb("1-1.2", marks, root, SOON);
    t.is(kind, "refused");
    t.regex(why, /EACCES/);
  });
}
