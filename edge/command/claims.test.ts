import test from "ava";
import type { CommandKey } from "../core/command.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import { AHEAD_MAX_MS, type Claims, readClaims, refusalAsOld, refusalOf } from "./claims.ts";
import { newMemory, taken } from "./memory.ts";

const NOW = 1_764_000_000_000 as WallMs;
const KEY: CommandKey = { name: "op", fingerprint: "f1", publicKey: "", may: ["read", "write"] };
const MEMORY = newMemory((NOW - 3_600_000) as WallMs);

function claims(over: Partial<Claims> = {}): Claims {
  const order = { kind: "write", point: "valve-1.shut", value: true };
  const times = { issued: (NOW - 1000) as WallMs, expires: (NOW + 60_000) as WallMs };
  return { gateway: "gw-1", id: "a1", counter: 5, ...times, order, ...over };
}

const payloadOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function codeAt(over: Partial<Claims>, at: number = NOW, clock: ClockState = "synced") {
  return refusalOf(claims(over), KEY, MEMORY, { at: at as WallMs, clock })?.code ?? null;
}

test("a payload is read as it was written", (t) => {
  t.deepEqual(readClaims(payloadOf(claims())), claims());
});

test("a payload without one of its claims, or with an impossible one, is refused", (t) => {
  const wrong: readonly object[] = [
    { gateway: undefined },
    { id: undefined },
    { id: "a b" },
    { id: "" },
    { counter: 0 },
    { counter: 1.5 },
    { counter: "7" },
    { issued: null },
    { expires: NOW - 1000 },
    { expires: NOW + 25 * 3_600_000 },
    { order: null },
    { order: {} },
  ];
  for (const each of wrong) {
    const read = readClaims(payloadOf({ ...claims(), ...each }));
    t.like(read, { code: "command.malformed" }, JSON.stringify(each));
  }
  t.like(readClaims(payloadOf([])), { code: "command.malformed" });
});

test("a command in time, from a key that may, is carried out", (t) => {
  t.is(codeAt({}), null);
  t.is(codeAt({ issued: (NOW + AHEAD_MAX_MS) as WallMs }), null);
});

test("a command that comes late is refused from the moment on at which it expires", (t) => {
  t.is(codeAt({}, NOW + 59_999), null);
  t.is(codeAt({}, NOW + 60_000), "command.expired");
});

test("a command from further in the future than clocks differ is refused", (t) => {
  t.is(codeAt({ issued: (NOW + AHEAD_MAX_MS + 1) as WallMs }), "command.early");
});

test("what was issued before anything is remembered is refused: it may have acted", (t) => {
  t.is(codeAt({ issued: (MEMORY.from - 1) as WallMs }), "command.forgotten");
  t.is(codeAt({ issued: MEMORY.from }), null);
});

test("while the clock is not known nothing is changed, and reading still goes", (t) => {
  t.is(codeAt({}, NOW, "unsynced"), "command.clock");
  t.is(codeAt({ order: { kind: "read", points: ["a.b"] } }, NOW, "unsynced"), null);
  t.is(codeAt({}, NOW, "corrected"), null);
});

test("a key may only what it is allowed, and nobody what no release can do", (t) => {
  t.is(codeAt({ order: { kind: "configure" } }), "command.forbidden");
  t.is(codeAt({ order: { kind: "explode" } }), "command.unsupported");
});

test("an id that was taken is a replay, and a counter that is not higher comes too late", (t) => {
  const memory = taken(MEMORY, claims(), KEY, null, [KEY]);
  t.is(refusalAsOld(claims(), KEY, MEMORY), null);
  t.is(refusalAsOld(claims(), KEY, memory)?.code, "command.replay");
  t.is(refusalAsOld(claims({ counter: 6 }), KEY, memory)?.code, "command.replay");
  t.is(refusalAsOld(claims({ id: "b" }), KEY, memory)?.code, "command.order");
  t.is(refusalAsOld(claims({ id: "b", counter: 6 }), KEY, memory), null);
  const other = { ...KEY, name: "other", fingerprint: "f2" };
  t.is(refusalAsOld(claims({ id: "b", counter: 1 }), other, memory), null);
});
