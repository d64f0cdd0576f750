import test from "ava";
import type { CommandKey, CommandResult } from "../core/command.ts";
import type { WallMs } from "../core/time.ts";
import type { Claims } from "./claims.ts";
import {
  delivered,
  ended,
  hasRoom,
  newMemory,
  RESULTS_MAX,
  taken,
  underConfiguration,
} from "./memory.ts";

const NEW = newMemory(0 as WallMs);
const keyOf = (n: number): CommandKey => ({
  ...{ name: `k${n}`, fingerprint: `f${n}`, publicKey: "" },
  may: ["read"],
});
const claimsOf = (n: number): Claims => ({
  ...{ gateway: "gw-1", id: `id-${n}`, counter: n },
  ...{ issued: 1 as WallMs, expires: 2 as WallMs, order: { kind: "read" } },
});
const resultOf = (id: string, via: string | null, payload = "{}"): CommandResult => ({
  ...{ id, outcome: "done", code: null, via, payload },
});

test("a command that is taken is under way until its result stands in its place", (t) => {
  const memory = taken(NEW, claimsOf(1), keyOf(1), "centre", [keyOf(1)]);
  t.deepEqual(memory.underWay, {
    ...{ id: "id-1", key: "k1", counter: 1, order: "read", via: "centre" },
  });
  const after = ended(memory, resultOf("id-1", "centre"));
  t.is(after.underWay, null);
  t.deepEqual(after.ids, ["id-1"]);
  t.deepEqual(after.counters, { f1: 1 });
  t.deepEqual(delivered(after, "centre", "id-1").results, []);
  t.is(delivered(after, "other", "id-1").results.length, 1);
});

test("what was ordered by hand is owed to nobody, and no result to whom is not there", (t) => {
  t.deepEqual(ended(NEW, resultOf("a", null)).results, []);
  const memory = ended(ended(NEW, resultOf("a", "gone")), resultOf("b", "centre"));
  t.deepEqual(
    underConfiguration(memory, "c1", new Set(["centre"])).results.map(({ id }) => id),
    ["b"],
  );
});

test("a rate that a command has set holds until the configuration is another one", (t) => {
  const rates = { configuration: "c1", perS: { centre: 5 } };
  const of = (configuration: string) =>
    underConfiguration({ ...NEW, rates }, configuration, new Set()).rates.perS;
  t.deepEqual(of("c1"), { centre: 5 });
  t.deepEqual(of("c2"), {});
});

test("ids, counters and results are bounded, and no configured key loses its counter", (t) => {
  const configured = [keyOf(0)];
  let memory = taken(NEW, claimsOf(1), keyOf(0), null, configured);
  for (let n = 1; n <= 300; n++) memory = taken(memory, claimsOf(n), keyOf(n), null, configured);
  t.is(memory.ids.length, 64);
  t.is(Object.keys(memory.counters).length, 65);
  t.is(memory.counters.f0, 1);
  t.is(memory.counters.f300, 300);
  t.is(memory.counters.f1, undefined);
  for (let n = 0; n < RESULTS_MAX; n++) {
    t.true(hasRoom(memory));
    memory = ended(memory, resultOf(`${n}`, "centre"));
  }
  t.false(hasRoom(memory));
  t.false(hasRoom(ended(NEW, resultOf("a", "centre", "x".repeat(600_000)))));
});
