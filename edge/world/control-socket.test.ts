import { statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { GatewayError } from "../core/errors.ts";
import { callControl, serveControl } from "./control-socket.ts";

const socketPath = () => join(tempDir("control"), "control.sock");

test("a call gets its answer, integers beyond 2^53 with all their digits", async (t) => {
  const path = socketPath();
  const server = await serveControl(path, (method, params) => ({ method, params, big: [1n] }));
  t.deepEqual(await callControl(path, "status", { a: 1 }), {
    method: "status",
    params: { a: 1 },
    big: [1],
  });
  await server.close();
});

test("only owner and group may connect", async (t) => {
  const path = socketPath();
  const server = await serveControl(path, () => null);
  t.is(statSync(path).mode & 0o777, 0o660);
  await server.close();
});

test("what the handler throws is the error of the answer", async (t) => {
  const path = socketPath();
  const server = await serveControl(path, () => {
    throw new Error("there is no method x");
  });
  await t.throwsAsync(callControl(path, "x"), { message: "there is no method x" });
  await server.close();
});

test("without a gateway the caller is told which socket was tried", async (t) => {
  const path = socketPath();
  const error = await t.throwsAsync(callControl(path, "status"), { instanceOf: GatewayError });
  t.is(error?.code, "control.unreachable");
  t.true(error?.message.includes(path));
});

test("a socket left by a killed gateway is replaced, one that is served is not", async (t) => {
  const path = socketPath();
  const first = await serveControl(path, () => "first");
  const error = await t.throwsAsync(
    serveControl(path, () => "second"),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "control.busy");
  t.is(await callControl(path, "who"), "first");
  await first.close();
  const stale = createServer();
  await new Promise<void>((resolve) => stale.listen(path, resolve));
  stale.on("connection", (socket) => socket.destroy());
  await new Promise((resolve) => stale.close(resolve));
  const second = await serveControl(path, () => "second");
  t.is(await callControl(path, "who"), "second");
  await second.close();
});

test("a directory that is not there is told as such", async (t) => {
  const error = await t.throwsAsync(
    serveControl("/no/such/place/control.sock", () => null),
    { instanceOf: GatewayError },
  );
  t.is(error?.code, "control.unusable");
});
