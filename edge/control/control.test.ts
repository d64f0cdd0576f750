import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import test, { type ExecutionContext } from "ava";
import { controlSchema } from "../../test-rigs/reference/control-schema.ts";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import type { RunningGateway } from "../running-gateway.ts";
import { type Calls, changes } from "./calls.ts";
import { controlOf } from "./control.ts";
import { Feed } from "./feed.ts";
import { LogRing } from "./log-ring.ts";

const KEPT = { log: new LogRing(0 as WallMs), feed: new Feed(new SimClock(), () => null) };
const li = () => Promise.resolve("li");

/** A gateway that never gets to hear of the calls of these tests. */
const GATEWAY = { field: {}, told: {} } as unknown as RunningGateway;

test("a call that is none is refused with a code, saying why", async (t) => {
  const calls: readonly (readonly [string, unknown, RegExp])[] = [
    ["fly", {}, /no method fly/],
    ["trace", {}, /needs a bus/],
    ["trace", { bus: "line", from: -1 }, /whole number/],
    ["log", { from: "yesterday" }, /whole number/],
    ["acknowledge", {}, /needs an alarm and who/],
    ["read", {}, /points or a place/],
    ["write", { point: "a.b" }, /write needs/],
    ["exchange", { bus: "line" }, /exchange needs/],
    ["configuration", { action: "delete" }, /try, rollback or confirm/],
    ["configuration", { action: "try" }, /withinMs must be a number/],
    ["configuration", { action: "try", withinMs: 5 }, /withinMs must be a number/],
    ["document", { document: "poem" }, /of kind commissioning or calibration/],
    ["probe", {}, /needs a bus/],
    ["update.permit", {}, /name what is to be started/],
    ["update.restart", { release: "0.2.0", anyTime: "now" }, /true or false/],
    ["readings", { points: [] }, /1 to 64 texts/],
    ["readings", { points: [""] }, /1 to 64 texts/],
    ["readings", { from: -1 }, /from must be a whole number/],
    ["events", { waitMs: 600_000 }, /waitMs must be a whole number from 0 to 20000/],
    ["tell", { readings: [] }, /1 to 1000/],
    ["tell", { readings: [{ value: 1 }] }, /needs a point/],
    ["tell", { readings: [{ point: "a.b", value: "1" }] }, /a number, true or false/],
    ["tell", { readings: [{ point: "a.b", value: 1, quality: "bad:input" }] }, /must be null/],
    ["tell", { readings: [{ point: "a.b", value: 1, quality: "uncertain:luck" }] }, /with one of/],
    ["tell", { readings: [{ point: "a.b", value: Number.NaN }] }, /a number, true or false/],
  ];
  const handle = controlOf(GATEWAY, KEPT);
  for (const [method, params, message] of calls) {
    const call = async () => await handle(method, params, li);
    const error = await t.throwsAsync(call(), { instanceOf: GatewayError, message });
    t.is(error?.code, "control.call", method);
  }
});

/** A gateway that does nothing and notes in whose name. */
function noting() {
  const names: unknown[] = [];
  const told: Turn[] = [];
  const done = { outcome: "done", code: null } as const;
  const note = <Result>(who: unknown, result: Result) => {
    names.push(who);
    return Promise.resolve(result);
  };
  const gateway = {
    status: () => ({ gateway: "gw-1", release: "1.0.0" }),
    actOnAlarm: (_: string, { who }: { who: string }) => note(who, "done"),
    actOnInterlock: ({ who }: { who: string }) => note(who, { outcome: "done", state: "idle" }),
    calibrate: ({ who }: { who: string }) => note(who, {}),
    record: ({ who }: { who: string }) => note(who, "done"),
    command: () => Promise.resolve('{"id":"a1","outcome":"done"}'),
    restarting: {
      facts: { alarms: [], interlocks: [], windows: [] },
      restart: () => {},
      leave: () => Promise.resolve(),
    },
    reconfigure: {
      confirm: (who: string) => note(who, done),
      tryLeft: (_: number, who: string) => note(who, done),
    },
    tell: (turn: Turn) => told.push(turn),
    told: { tell: (_: unknown, who: string) => note(who, { told: 1 }) },
    field: {
      write: ({ who }: { who: string }) => note(who, {}),
      writeRaw: ({ who }: { who: string }) => note(who, []),
      exchange: ({ who }: { who: string }) => note(who, {}),
    },
  };
  return { gateway: gateway as unknown as RunningGateway, names, told };
}

const ALARM = { alarm: "gas-high" };
const REASONED = { ...ALARM, reason: "washed" };
const DIGEST = "0".repeat(64);
const PLACE = { bus: "line", unit: 1, area: "holding", address: 0 } as const;

/** Parameters of every call, as its description has them. */
const PARAMS: { readonly [Method in keyof Calls]: readonly Calls[Method]["params"][] } = {
  status: [{}],
  version: [{}],
  describe: [{}],
  trace: [{ bus: "line" }, { bus: "line", from: null }, { bus: "line", from: 7 }],
  log: [{}, { from: 3 }],
  acknowledge: [ALARM],
  reset: [ALARM],
  shelve: [
    { ...REASONED, forMs: 60_000 },
    { ...REASONED, forMs: null },
  ],
  unshelve: [ALARM],
  remove: [REASONED],
  return: [REASONED],
  interlock: [
    { interlock: "shut-off", action: "test" },
    { interlock: "shut-off", action: "override", forMs: 60_000, reason: "valve is serviced" },
  ],
  calibration: [{ point: POINT.id, action: "show" }],
  calibrate: [
    { point: POINT.id, action: "begin", forMs: 60_000 },
    { point: POINT.id, action: "end" },
  ],
  document: [{ document: "calibration", number: "C-1", sha256: { json: DIGEST, pdf: DIGEST } }],
  readings: [{}, { from: 7, points: ["gas-1.*"], waitMs: 5_000, gatherMs: 100 }],
  events: [{}, { from: null, waitMs: 5_000 }],
  tell: [
    { readings: [{ point: POINT.id, value: 1.5 }] },
    { readings: [{ point: POINT.id, value: null, quality: "bad:input" }] },
  ],
  read: [{ points: [POINT.id] }, { raw: { ...PLACE, count: 1, type: "uint16" } }],
  write: [
    { point: POINT.id, value: "7" },
    { raw: { ...PLACE, type: "uint16", order: "ABCD", values: ["7"] } },
  ],
  probe: [{ bus: "line", unit: 1, timeoutMs: 300, query: { kind: "server-id" } }],
  attune: [
    {
      bus: "line",
      settings: [{ baud: 9600, format: "8N1" }],
      asked: [{ unit: 1, query: { kind: "server-id" } }],
      timeoutMs: 300,
      isForced: false,
    },
  ],
  exchange: [{ bus: "line", unit: 1, pdu: "11", unsafe: false }],
  command: [{ envelope: "{}" }],
  configuration: [{ action: "confirm" }, { action: "try", withinMs: 60_000 }],
  "update.permit": [{ release: "0.2.0" }],
  "update.restart": [{ release: "0.2.0" }, { release: "0.2.0", anyTime: true }],
};

const METHODS = Object.keys(PARAMS) as (keyof Calls)[];

test("whoever changes something is who the system says, whatever the call says", async (t) => {
  for (const method of METHODS.filter(changes)) {
    const { gateway, names, told } = noting();
    const handle = controlOf(gateway, KEPT);
    for (const params of PARAMS[method]) await handle(method, { ...params, who: "wang" }, li);
    const recorded = told.map(({ detail }) => detail?.who);
    t.deepEqual([...new Set([...names, ...recorded])], ["li"], method);
  }
});

test("nothing is changed for a caller who has not proven who it is", async (t) => {
  const { gateway, names, told } = noting();
  const handle = controlOf(gateway, KEPT);
  const unknown = () => Promise.reject(new GatewayError("control.who", "not proven"));
  for (const method of METHODS.filter(changes)) {
    for (const params of PARAMS[method]) {
      const call = async () => await handle(method, { ...params, who: "wang" }, unknown);
      t.is(((await t.throwsAsync(call())) as GatewayError).code, "control.who", method);
    }
  }
  t.deepEqual([names, told], [[], []]);
});

test("a command and a change of the configuration are recorded with who made the call", async (t) => {
  const { gateway, told } = noting();
  const handle = controlOf(gateway, KEPT);
  await handle("command", { envelope: "{}" }, li);
  await handle("configuration", { action: "confirm" }, li);
  t.deepEqual(
    told.map(({ cause, detail }) => [cause, detail]),
    [
      ["local-command", { who: "li", id: "a1", outcome: "done" }],
      ["local-configuration", { who: "li", action: "confirm", outcome: "done" }],
    ],
  );
});

/** What the types say now: made once, for it takes a compiler's look at the whole program. */
const MADE = controlSchema();

/** Says whether something is the `part` of a call of `method`, by the description that is written. */
function described(t: ExecutionContext) {
  const file = new URL("control-v1.schema.json", import.meta.url);
  const schema = JSON.parse(readFileSync(file, "utf8"));
  t.deepEqual(schema, MADE, "npx -c 'node test-rigs/reference/main.ts' writes it anew");
  const ajv = new Ajv({ strict: false }).addSchema(schema, "control");
  return (method: string, part: "params" | "result", value: unknown) => {
    const ref = `control#/definitions/Calls/properties/${method}/properties/${part}`;
    return ajv.validate({ $ref: ref }, value);
  };
}

test("the description holds every call, and takes what the gateway takes", (t) => {
  const is = described(t);
  for (const method of METHODS) {
    for (const params of PARAMS[method]) t.true(is(method, "params", params), method);
    t.false(is(method, "params", { ...PARAMS[method][0], who: "li" }), "who acts is no parameter");
  }
});

test("version and describe tell what serves the socket, as described", async (t) => {
  const is = described(t);
  const handle = controlOf(noting().gateway, KEPT);
  const version = await handle("version", {}, li);
  t.like(version, { v: 1, gateway: "gw-1", release: "1.0.0" });
  t.true(is("version", "result", version));
  t.true(is("log", "result", await handle("log", {}, li)));
  t.deepEqual(await handle("describe", {}, li), MADE);
});
