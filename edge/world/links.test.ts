import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import test from "ava";
import { openPty } from "../../test-rigs/plant/pty.ts";
import { GatewayError } from "../core/errors.ts";
import { openSerial } from "./serial.ts";
import { openTcp, UNSENT_MAX } from "./tcp.ts";
import { openUdp } from "./udp.ts";

const never = new AbortController().signal;

/** A server on 127.0.0.1; `next()` is the next connection made to it. */
async function server() {
  const waiting: Socket[] = [];
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    waiting.push(socket);
    listener.emit("accepted");
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const next = async () => {
    if (waiting.length === 0) await once(listener, "accepted");
    return waiting.shift() as Socket;
  };
  return { port: address.port, next, close: () => listener.close() };
}

test("bytes go both ways over TCP", async (t) => {
  const { port, next, close } = await server();
  const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 2000 }, never);
  const socket = await next();
  const got = new Promise((resolve) => {
    link.onData = resolve;
  });
  link.write(Uint8Array.of(1, 2, 3));
  const [there] = await once(socket, "data");
  socket.write(Uint8Array.of(9));
  t.deepEqual([...there], [1, 2, 3]);
  t.deepEqual([...((await got) as Uint8Array)], [9]);
  link.close();
  t.is(typeof (await link.closed), "string");
  close();
});

test("what came over TCP stays what it was when more comes, over the same connection or another", async (t) => {
  const { port, next, close } = await server();
  const settings = { host: "127.0.0.1", port, connectTimeoutMs: 2000 };
  const pieces: Uint8Array[] = [];
  for (const byte of [1, 2]) {
    const link = await openTcp(settings, never);
    const socket = await next();
    for (const value of [byte, byte + 2]) {
      const came = new Promise<Uint8Array>((resolve) => {
        link.onData = resolve;
      });
      socket.write(Uint8Array.of(value, value));
      pieces.push(await came);
    }
    link.close();
  }
  t.deepEqual(
    pieces.map((piece) => [...piece]),
    [
      [1, 1],
      [3, 3],
      [2, 2],
      [4, 4],
    ],
  );
  close();
});

test("a peer that closes or resets ends the link, and a later write is dropped", async (t) => {
  const { port, next, close } = await server();
  const settings = { host: "127.0.0.1", port, connectTimeoutMs: 2000 };
  const first = await openTcp(settings, never);
  (await next()).end();
  t.is(await first.closed, "the peer closed the connection");
  const second = await openTcp(settings, never);
  (await next()).resetAndDestroy();
  t.regex(await second.closed, /ECONNRESET/);
  second.write(Uint8Array.of(1));
  second.close();
  close();
});

test("a peer that never reads ends the link before much waits for it", async (t) => {
  const { port, next, close } = await server();
  const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 2000 }, never);
  const socket = await next();
  socket.pause();
  let closed = "";
  void link.closed.then((why) => {
    closed = why;
  });
  // The kernel takes some megabytes before the first byte waits here.
  const chunk = new Uint8Array(UNSENT_MAX / 4);
  let written = 0;
  for (; closed === "" && written < 5000; written++) {
    link.write(chunk);
    await turn();
  }
  t.is(closed, `the peer does not read: ${UNSENT_MAX + chunk.length} bytes wait to be sent`);
  link.write(chunk);
  link.close();
  socket.destroy();
  close();
});

test("a host that refuses is told with its address", async (t) => {
  const { port, close } = await server();
  close();
  const error = await t.throwsAsync(
    openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 2000 }, never),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "link.refused");
  t.true(error?.message.includes(`127.0.0.1:${port}`));
});

test("connecting ends when the gateway stops", async (t) => {
  const stop = new AbortController();
  const { port, close } = await server();
  const opening = openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 2000 }, stop.signal);
  stop.abort();
  await t.throwsAsync(opening, { instanceOf: GatewayError });
  const late = openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 2000 }, stop.signal);
  await t.throwsAsync(late, { instanceOf: GatewayError, message: /stopped/ });
  close();
});

/** A UDP socket on 127.0.0.1. */
async function udpSocket(port = 0) {
  const socket = createSocket("udp4");
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  return { socket, port: socket.address().port };
}

test("datagrams go both ways over UDP, each for itself, and a stranger's does not arrive", async (t) => {
  const { socket, port } = await udpSocket();
  const stranger = await udpSocket();
  const link = await openUdp({ host: "127.0.0.1", port }, never);
  const got: number[][] = [];
  const done = new Promise<void>((resolve) => {
    link.onData = (bytes) => got.push([...bytes]) === 2 && resolve();
  });
  link.write(Uint8Array.of(1, 2, 3));
  const [there, from] = await once(socket, "message");
  t.deepEqual([...there], [1, 2, 3]);
  await new Promise((sent) => {
    stranger.socket.send(Uint8Array.of(7), from.port, from.address, sent);
  });
  socket.send(Uint8Array.of(8), from.port, from.address);
  socket.send(Uint8Array.of(9, 9), from.port, from.address);
  await done;
  t.deepEqual(got, [[8], [9, 9]]);
  link.close();
  link.close();
  t.is(await link.closed, "closed by the gateway");
  link.write(Uint8Array.of(1));
  socket.close();
  stranger.socket.close();
});

test("a UDP endpoint that is not there loses what is sent to it, and is heard once it is", async (t) => {
  const gone = await udpSocket();
  gone.socket.close();
  const link = await openUdp({ host: "127.0.0.1", port: gone.port }, never);
  link.write(Uint8Array.of(1));
  link.write(Uint8Array.of(2));
  const { socket, port } = await udpSocket(gone.port);
  t.is(port, gone.port);
  const heard = once(socket, "message");
  let isHeard = false;
  void heard.then(() => {
    isHeard = true;
  });
  // The refusal of what was sent before may take one more with it.
  while (!isHeard) {
    link.write(Uint8Array.of(4));
    await new Promise((next) => {
      setImmediate(next);
    });
  }
  t.deepEqual([...(await heard)[0]], [4]);
  link.close();
  socket.close();
});

test("a host whose name is not known is told", async (t) => {
  const error = await t.throwsAsync(openUdp({ host: "no-such-host.invalid", port: 502 }, never), {
    instanceOf: GatewayError,
  });
  t.is(error?.code, "link.refused");
  t.true(error?.message.includes("no-such-host.invalid:502"));
});

test("bytes go both ways over a serial port, every value untouched", async (t) => {
  const pty = openPty();
  const link = await openSerial({ path: pty.path, baud: 115_200, format: "8E1" }, never);
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const here: number[] = [];
  const there: number[] = [];
  const done = new Promise<void>((resolve) => {
    const check = () => here.length === 256 && there.length === 256 && resolve();
    link.onData = (bytes) => {
      here.push(...bytes);
      check();
    };
    pty.onData = (bytes) => {
      there.push(...bytes);
      check();
    };
  });
  link.write(all);
  pty.write(all);
  await done;
  t.deepEqual(here, [...all]);
  t.deepEqual(there, [...all]);
  link.close();
  pty.close();
});

test("an adapter that is pulled out ends the link, and closing it again is harmless", async (t) => {
  const pty = openPty();
  const link = await openSerial({ path: pty.path, baud: 9600, format: "8N1" }, never);
  t.false(link.isPaced, "there is no line behind a pty");
  const got = new Promise((resolve) => {
    link.onData = resolve;
  });
  pty.write(Uint8Array.of(1));
  await got;
  pty.close();
  t.is(typeof (await link.closed), "string");
  link.close();
  link.write(Uint8Array.of(1));
});

test("a port without DTR says so, open or closed", async (t) => {
  const pty = openPty();
  const link = await openSerial({ path: pty.path, baud: 9600, format: "8N1" }, never);
  t.is(await link.setReady?.(true), false);
  link.close();
  t.is(await link.setReady?.(true), false);
  pty.close();
});

test("a port that is not there is told with its name", async (t) => {
  const error = await t.throwsAsync(
    openSerial({ path: "/dev/no-such-port", baud: 9600, format: "8N1" }, never),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "link.refused");
  t.true(error?.message.includes("/dev/no-such-port"));
});

test.serial("a path that is no terminal is refused and leaves no descriptor open", async (t) => {
  const settings = { path: "/dev/null", baud: 9600, format: "8N1" } as const;
  await t.throwsAsync(openSerial(settings, never), { instanceOf: GatewayError });
  const before = readdirSync("/proc/self/fd").length;
  for (let n = 0; n < 5; n++) await t.throwsAsync(openSerial(settings, never));
  t.true(readdirSync("/proc/self/fd").length <= before);
});

test("a serial port that takes nothing any more ends, and memory is not filled", async (t) => {
  const pty = openPty();
  const link = await openSerial({ path: pty.path, baud: 9600, format: "8N1" }, never);
  let why: string | null = null;
  void link.closed.then((told) => {
    why = told;
  });
  // At once, so that nobody can take them meanwhile.
  for (let n = 0; n < 1000; n++) link.write(new Uint8Array(64));
  await link.closed;
  t.regex(why ?? "", /takes nothing any more: 16\d{3} bytes wait/);
  pty.close();
});

test("a serial port is flushed while it is open, and goes on", async (t) => {
  const pty = openPty();
  const link = await openSerial({ path: pty.path, baud: 9600, format: "8N1" }, never);
  link.flush?.();
  const got = new Promise((resolve) => {
    link.onData = resolve;
  });
  // What comes while the port is being flushed goes with the rest.
  const sending = setInterval(() => pty.write(Uint8Array.of(7)), 20);
  t.is(((await got) as Uint8Array)[0], 7);
  clearInterval(sending);
  link.close();
  link.flush?.();
  pty.close();
});
