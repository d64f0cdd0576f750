import test from "ava";
import { isHarmless, ORDER_KINDS, permissionFor, readOrder } from "./order.ts";

test("every order is understood with what it needs", (t) => {
  const shelf = { kind: "shelve", alarm: "gas-high", reason: "washed", forMs: 60_000 };
  const orders = [
    { kind: "read", points: ["gas-1.gas"] },
    { kind: "write", point: "valve-1.shut", value: "true" },
    { kind: "acknowledge", alarm: "gas-high" },
    { kind: "unshelve", alarm: "gas-high" },
    shelf,
    { ...shelf, forMs: null },
    { kind: "rate", destination: "centre", readingsPerS: 500 },
    { kind: "rate", destination: "centre", readingsPerS: null },
    { kind: "backlog", destination: "centre", stream: "events", from: 3, to: 9 },
    { kind: "bundle", part: null },
    { kind: "bundle", part: 3 },
    { kind: "update", release: "amd64/stable/0.2.0", notBefore: null, until: null },
    { kind: "update", release: "amd64/stable/0.2.0", notBefore: 1, until: 2 },
    { kind: "update", release: null, notBefore: null, until: null },
    { kind: "configure", yaml: "gateway: {}", withinMs: 60_000, confirm: false },
    { kind: "confirm", configuration: "sha256:12" },
    { kind: "rollback" },
  ];
  for (const order of orders) t.deepEqual(readOrder(order), order as never);
  t.deepEqual(
    [...new Set(orders.map(({ kind }) => kind))].sort(),
    [...ORDER_KINDS].sort() as string[],
  );
});

test("a value may be written as JSON has it", (t) => {
  const written = (value: unknown) => readOrder({ kind: "write", point: "a.b", value });
  t.like(written(true), { value: "true" });
  t.like(written(-1.5), { value: "-1.5" });
  t.like(written({ a: 1 }), { code: "command.malformed" });
});

test("a configuration is tried for ten minutes and needs a confirmation unless it says otherwise", (t) => {
  t.like(readOrder({ kind: "configure", yaml: "" }), { withinMs: 600_000, confirm: true });
});

test("an order that lacks something is refused, and says what", (t) => {
  const wrong: readonly Record<string, unknown>[] = [
    { kind: "read" },
    { kind: "read", points: [] },
    { kind: "read", points: Array(65).fill("a.b") },
    { kind: "write", point: "a.b" },
    { kind: "write", value: true },
    { kind: "acknowledge" },
    { kind: "shelve", alarm: "a" },
    { kind: "shelve", alarm: "a", reason: "x", forMs: -1 },
    { kind: "rate", destination: "centre" },
    { kind: "rate", destination: "centre", readingsPerS: 0 },
    { kind: "backlog", destination: "centre", from: 9, to: 3 },
    { kind: "backlog", destination: "centre", from: 0, to: 3 },
    { kind: "backlog", destination: "centre", stream: "status", from: 1, to: 3 },
    { kind: "configure" },
    { kind: "configure", yaml: "", withinMs: 1 },
    { kind: "configure", yaml: "", confirm: "no" },
    { kind: "confirm" },
    { kind: "update" },
    { kind: "update", release: "0.2.0" },
    { kind: "update", release: "../stable/0.2.0" },
    { kind: "update", release: "amd64/stable/0.2.0", notBefore: 2, until: 2 },
    { kind: "update", release: "amd64/stable/0.2.0", until: "tomorrow" },
  ];
  for (const order of wrong) {
    t.like(readOrder(order), { code: "command.malformed" }, JSON.stringify(order).slice(0, 99));
  }
});

test("each order needs a right of its own, and only those that change nothing are harmless", (t) => {
  t.is(permissionFor("unshelve"), "shelve");
  t.is(permissionFor("rollback"), "configure");
  t.is(permissionFor("constructor"), null);
  t.deepEqual(ORDER_KINDS.filter(isHarmless), ["read", "bundle"]);
});
