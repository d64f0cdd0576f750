import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { SerialPort } from "serialport";
import { openPty, openPtyPair, type Pty } from "./pty.ts";
import { characterMs } from "./wire.ts";

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

async function openPort(t: ExecutionContext, path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  t.teardown(() => new Promise<void>((resolve) => port.close(() => resolve())));
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error === null ? resolve() : reject(error))),
  );
  return port;
}

/** Resolves when `count` bytes have come from `listen`. */
function collect(count: number, listen: (onData: (bytes: Uint8Array) => void) => void) {
  return new Promise<Buffer>((resolve) => {
    let got = Buffer.alloc(0);
    listen((bytes) => {
      got = Buffer.concat([got, bytes]);
      if (got.length >= count) resolve(got);
    });
  });
}

function collectOurs(pty: Pty, count: number) {
  return collect(count, (onData) => {
    pty.onData = onData;
  });
}

function collectTheirs(port: SerialPort, count: number) {
  return collect(count, (onData) => {
    port.on("data", onData);
  });
}

test("all 256 bytes pass untouched in both directions", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const port = await openPort(t, pty.path);

  const theirs = collectTheirs(port, 256);
  pty.write(ALL_BYTES);
  t.deepEqual(await theirs, Buffer.from(ALL_BYTES));

  const ours = collectOurs(pty, 256);
  port.write(Buffer.from(ALL_BYTES));
  t.deepEqual(await ours, Buffer.from(ALL_BYTES));
});

test("a port can be closed and opened again", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const first = await openPort(t, pty.path);
  first.close();
  await once(first, "close");
  const second = await openPort(t, pty.path);
  const theirs = collectTheirs(second, 3);
  pty.write(Uint8Array.of(1, 2, 3));
  t.deepEqual(await theirs, Buffer.of(1, 2, 3));
});

test("pulling the plug hangs the opener up, putting it back gives a new device there", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const before = await openPort(t, pty.path);
  before.on("data", () => {});
  // One round trip: the reader is surely listening before the hang-up.
  const ours = collectOurs(pty, 1);
  before.write(Buffer.of(7));
  await ours;

  const closed = once(before, "close");
  pty.unplug();
  t.false(existsSync(pty.path));
  await closed;
  pty.write(Uint8Array.of(9));

  pty.plug();
  const after = await openPort(t, pty.path);
  const theirs = collectTheirs(after, 1);
  pty.write(Uint8Array.of(5));
  t.deepEqual(await theirs, Buffer.of(5));
});

test("a child process started meanwhile does not keep an unplugged line up", async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  t.teardown(() => child.kill());
  const port = await openPort(t, pty.path);
  port.on("data", () => {});
  const ours = collectOurs(pty, 1);
  port.write(Buffer.of(7));
  await ours;
  const closed = once(port, "close");
  pty.unplug();
  await closed;
  t.pass();
});

test("closing removes the port and may be repeated", (t) => {
  const pty = openPty();
  pty.close();
  pty.close();
  pty.write(Uint8Array.of(1));
  t.false(existsSync(pty.path));
});

test("a pair joins two ports, both ways, never faster than the baud rate", async (t) => {
  const baud = 19200;
  const pair = openPtyPair({ baud });
  t.teardown(() => pair.close());
  const a = await openPort(t, pair.paths[0]);
  const b = await openPort(t, pair.paths[1]);

  const begunMs = performance.now();
  const atB = collectTheirs(b, 256);
  a.write(Buffer.from(ALL_BYTES));
  t.deepEqual(await atB, Buffer.from(ALL_BYTES));
  t.true(performance.now() - begunMs >= 256 * characterMs(baud));

  const atA = collectTheirs(a, 256);
  b.write(Buffer.from(ALL_BYTES));
  t.deepEqual(await atA, Buffer.from(ALL_BYTES));
});
