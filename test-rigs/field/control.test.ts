import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import { eventOf } from "../../buffer/event-text.ts";
import { Reader } from "../../buffer/reader.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { gatewayHome } from "../processes/gateway.ts";

const SCHEMA = new URL("../../edge/control/control-v1.schema.json", import.meta.url);
const SELF = userInfo().username;

/** A running gateway with a detector, a valve, an alarm and an interlock; nothing is sent. */
async function site(t: { teardown(end: () => unknown): void }, more = "") {
  const module = await openOutputModule();
  t.teardown(() => module.close());
  const home = gatewayHome(`
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: ${module.port}, timeout: 300ms, grace: 100ms } }
devices:
  box:
    bus: line
    unit: 1
    every: 200ms
    points:
      gas: { area: holding, address: 0, type: uint16, unit: m }
      shut: { area: coil, address: 0, write: true }
alarms: { gas-high: { point: box.gas, high: 50, severity: red, interlock: shut-off } }
interlocks: { shut-off: { write: box.shut, value: true } }
${more}`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  return { home, gateway, socket: join(home.dir, "buffer", "control.sock") };
}

test("what a gateway answers to each call is what is described, and who called is stored", async (t) => {
  t.timeout(110_000);
  const { home, gateway, socket } = await site(t);
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(JSON.parse(readFileSync(SCHEMA, "utf8")), "control");
  const answerOf = async (method: string, params: object) => {
    const result = await callControl(socket, method, params, 20_000);
    const $ref = `control#/definitions/Calls/properties/${method}/properties/result`;
    const isAsDescribed = ajv.validate({ $ref }, result);
    t.true(isAsDescribed, `${method}: ${ajv.errorsText()}\n${JSON.stringify(result)}`);
    return result;
  };
  const place = { bus: "line", unit: 1, area: "holding", address: 0 };
  await answerOf("read", { points: ["box.gas"] });
  await answerOf("read", { raw: { ...place, count: 2, type: "uint16" } });
  await answerOf("status", {});
  await answerOf("version", {});
  await answerOf("trace", { bus: "line", from: 0 });
  await answerOf("trace", { bus: "none" });
  await answerOf("log", {});
  await answerOf("probe", {
    ...{ bus: "line", unit: 9, timeoutMs: 100 },
    query: { kind: "server-id" },
  });
  const claim = { who: "somebody else" };
  await answerOf("write", { point: "box.shut", value: "true", ...claim });
  const raw = { ...place, address: 1, type: "uint16", order: "ABCD", values: ["7"] };
  await answerOf("write", { raw, ...claim });
  await answerOf("exchange", {
    ...{ bus: "line", unit: 1, pdu: "060001000A", unsafe: true },
    ...claim,
  });
  await answerOf("shelve", { alarm: "gas-high", reason: "tried", forMs: 60_000, ...claim });
  const override = { action: "override", forMs: 60_000, reason: "tried" };
  await answerOf("interlock", { interlock: "shut-off", ...override, ...claim });
  await answerOf("command", { envelope: "{}", ...claim });
  await answerOf("configuration", { action: "confirm", ...claim });
  await gateway.end("SIGTERM");

  const reader = new Reader(join(home.dir, "buffer", "lifeline.db"));
  t.teardown(() => reader.close());
  const events = reader.rows("events", reader.span("events")).flatMap(({ row }) => {
    return (row && eventOf(row.body)) ?? [];
  });
  const actors = events.flatMap((event) => {
    if (event.kind === "gateway") return event.detail?.who ?? [];
    return "who" in event ? (event.who ?? []) : [];
  });
  t.is(actors.length, 7, JSON.stringify(events));
  t.deepEqual([...new Set(actors)], [SELF]);
});

test("a group that is not there keeps a gateway from starting, and says so", async (t) => {
  t.timeout(110_000);
  const home = gatewayHome("control: { group: no-such-group }");
  await t.throwsAsync(home.start(), { message: /no group no-such-group/ });
});
