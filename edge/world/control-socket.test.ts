import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test, { type ExecutionContext } from "ava";
import { until } from "../../test-rigs/field/rig.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { GatewayError } from "../core/errors.ts";
import type { ControlHandler } from "./control-rpc.ts";
import { type ControlOptions, callControl, serveControl } from "./control-socket.ts";

const quiet = () => {};
const socketPath = () => join(tempDir("control"), "control.sock");

test("a call gets its answer, integers beyond 2^53 with all their digits", async (t) => {
  const path = socketPath();
  const server = await serveControl(
    path,
    (method, params) => ({ method, params, big: [1n] }),
    quiet,
  );
  t.deepEqual(await callControl(path, "status", { a: 1 }), {
    method: "status",
    params: { a: 1 },
    big: [1],
  });
  await server.close();
});

test("only owner and group may connect", async (t) => {
  const path = socketPath();
  const server = await serveControl(path, () => null, quiet);
  t.is(statSync(path).mode & 0o777, 0o660);
  await server.close();
});

test("what the handler throws is the error of the answer", async (t) => {
  const path = socketPath();
  const server = await serveControl(
    path,
    () => {
      throw new Error("there is no method x");
    },
    quiet,
  );
  await t.throwsAsync(callControl(path, "x"), { message: "there is no method x" });
  await server.close();
});

test("an error of the table keeps its code over the socket", async (t) => {
  const { call } = await served(t, () => {
    throw new GatewayError("bus.busy", "32 wait for line-a");
  });
  const error = await t.throwsAsync(call("read"), { instanceOf: GatewayError });
  t.like(error, { code: "bus.busy", message: "32 wait for line-a" });
});

test("without a gateway the caller is told which socket was tried", async (t) => {
  const path = socketPath();
  const error = await t.throwsAsync(callControl(path, "status"), { instanceOf: GatewayError });
  t.is(error?.code, "control.unreachable");
  t.true(error?.message.includes(path));
});

test("a socket left by a killed gateway is replaced, one that is served is not", async (t) => {
  const path = socketPath();
  const first = await serveControl(path, () => "first", quiet);
  const error = await t.throwsAsync(
    serveControl(path, () => "second", quiet),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "control.busy");
  t.is(await callControl(path, "who"), "first");
  await first.close();
  const stale = createServer();
  await new Promise<void>((resolve) => stale.listen(path, resolve));
  stale.on("connection", (socket) => socket.destroy());
  await new Promise((resolve) => stale.close(resolve));
  const second = await serveControl(path, () => "second", quiet);
  t.is(await callControl(path, "who"), "second");
  await second.close();
});

test("a directory that is not there is told as such", async (t) => {
  const error = await t.throwsAsync(
    serveControl("/no/such/place/control.sock", () => null, quiet),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "control.unusable");
});

test("a plain file where the socket should be is left alone", async (t) => {
  const path = socketPath();
  writeFileSync(path, "precious");
  const error = await t.throwsAsync(
    serveControl(path, () => null, quiet),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "control.unusable");
  t.true(existsSync(path));
});

test("a gateway that hangs is told as such within seconds, however long the call may take", async (t) => {
  const path = socketPath();
  // It takes the call and says nothing, as a process that was stopped does.
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  const start = performance.now();
  const error = await t.throwsAsync(callControl(path, "interlock", {}, 300_000));
  t.like(error, { code: "control.silent" });
  t.true(performance.now() - start < 20_000);
});

test("an answer that is no JSON is told as such", async (t) => {
  const path = socketPath();
  const server = createServer((socket) => socket.end("<html>\n"));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const error = await t.throwsAsync(callControl(path, "status"), { instanceOf: GatewayError });
  t.is(error?.code, "control.unreachable");
  server.close();
});

/** A served socket, what its log was told, and clients that do as they like. */
async function served(t: ExecutionContext, handle: ControlHandler, options?: ControlOptions) {
  const path = socketPath();
  const told: string[] = [];
  const server = await serveControl(path, handle, (text) => told.push(text), options);
  t.teardown(() => server.close());
  /** What a client is told by a connection that breaks is not of interest here. */
  const client = async (): Promise<Socket> => {
    const socket = createConnection(path);
    t.teardown(() => socket.destroy());
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  };
  return { told, client, call: (method: string) => callControl(path, method) };
}

/** Resolves when `socket` is closed, however that came about. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Resolves with the next lines that `socket` gets. */
async function linesOf(socket: Socket, count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: socket })) {
    if (lines.push(line) === count) break;
  }
  return lines;
}

test("garbage is answered as an error, and the call behind it is answered too", async (t) => {
  const { client } = await served(t, () => "well");
  const socket = await client();
  socket.write('\u0000\xff{]\n\n7\nnull\n[{}]\n{"id":3}\n{"id":4,"method":"how"}\n');
  const answers = (await linesOf(socket, 7)).map((line) => JSON.parse(line));
  t.deepEqual(
    answers.map(({ id, error, result }) => [id, error?.code, result]),
    [
      [null, -32_700, undefined],
      [null, -32_700, undefined],
      [null, -32_000, undefined],
      [null, -32_000, undefined],
      [null, -32_000, undefined],
      [3, -32_000, undefined],
      [4, undefined, "well"],
    ],
  );
});

test("a line without an end is dropped, which is told, and others are served meanwhile", async (t) => {
  const { told, client, call } = await served(t, () => "well");
  const socket = await client();
  const closed = closing(socket);
  const part = "x".repeat(10_000);
  const pour = () => {
    while (!socket.destroyed && socket.write(part)) {}
  };
  socket.on("drain", pour);
  pour();
  t.is(await call("how"), "well");
  await closed;
  t.deepEqual(told, ["control: a client was dropped: its request is too long"]);
});

test("a client that hangs amid a request, or trickles one, is dropped after a while", async (t) => {
  const { told, client, call } = await served(t, () => "well", { patienceMs: 200 });
  const [hanging, trickling] = [await client(), await client()];
  hanging.write('{"method":');
  const drops = setInterval(() => trickling.write(" "), 20);
  await Promise.all([closing(hanging), closing(trickling)]);
  clearInterval(drops);
  t.is(await call("how"), "well");
  t.deepEqual(told, ["control: a client was dropped: it sent no request"]);
});

test("a client that hangs up amid a request is told", async (t) => {
  const { told, client } = await served(t, () => "well");
  const socket = await client();
  socket.end('{"method":"how"}\n{"meth');
  await closing(socket.resume());
  t.deepEqual(told, ["control: a client left amid a request"]);
});

test("a client that closes its sending side gets its answers, as nc -N does", async (t) => {
  const { told, client } = await served(t, async (method) => {
    await new Promise((resolve) => setImmediate(resolve));
    return method;
  });
  const socket = await client();
  socket.end('{"method":"first"}\n{"method":"second"}\n');
  const answers = (await linesOf(socket, 3)).map((line) => JSON.parse(line).result);
  t.deepEqual(answers, ["first", "second"]);
  t.deepEqual(told, []);
});

test("a client that asks without end and fetches nothing costs one answer, and is dropped", async (t) => {
  let calls = 0;
  const page = "x".repeat(1_000_000);
  const { told, client } = await served(t, () => [calls++, page], { patienceMs: 300 });
  const socket = await client();
  socket.pause();
  for (let i = 0; i < 1000; i++) socket.write('{"method":"how"}\n');
  await until("it is dropped", 10_000, () => told.length > 0);
  t.true(calls < 10, `${calls}`);
  t.deepEqual(told, ["control: a client was dropped: it does not fetch its answer"]);
});

test("many calls in one go do not hold up another client's", async (t) => {
  const order: string[] = [];
  const { client, call } = await served(t, (method) => order.push(method));
  const socket = await client();
  socket.resume().write('{"method":"flood"}\n'.repeat(3000));
  await call("one");
  t.true(order.indexOf("one") < 1000, `${order.indexOf("one")}`);
});

test("beyond sixteen clients one more is told so, until one leaves", async (t) => {
  const { told, client, call } = await served(t, () => "well");
  const clients = await Promise.all(Array.from({ length: 16 }, client));
  await t.throwsAsync(call("how"), { message: /too many clients/ });
  await t.throwsAsync(call("how"), { message: /too many clients/ });
  t.deepEqual(told, ["control: a client was sent away"], "told once, not once a client");
  const [first] = clients as [Socket];
  first.end();
  await closing(first.resume());
  t.is(await call("how"), "well");
});

test("a call that fails by an error in the program is told, and the next one is answered", async (t) => {
  const { told, call } = await served(t, (method) => {
    if (method === "bad") throw new TypeError("x is undefined");
    return "well";
  });
  await t.throwsAsync(call("bad"), { message: "x is undefined" });
  t.is(await call("good"), "well");
  t.deepEqual(told, ["control: a call failed"]);
});

test("a call of another version is refused with a code, one without a version is taken", async (t) => {
  const { client } = await served(t, () => "well");
  const socket = await client();
  socket.write('{"id":1,"v":2,"method":"how"}\n{"id":2,"method":"how"}\n');
  const [other, none] = (await linesOf(socket, 2)).map((line) => JSON.parse(line));
  t.deepEqual([other.v, other.error.data], [1, { code: "control.version" }]);
  t.is(none.result, "well");
});

test("an answer of another version, or of none, is not taken for one", async (t) => {
  for (const v of [2, undefined]) {
    const path = socketPath();
    const server = createServer((socket) => socket.end(`${JSON.stringify({ v, result: 1 })}\n`));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const error = await t.throwsAsync(callControl(path, "status"), { instanceOf: GatewayError });
    t.is(error?.code, "control.version");
    server.close();
  }
});
