import test from "ava";
import { alarmOrderOf } from "./alarm-orders.ts";

const BY = { alarm: "gas-high", who: "li" };

test("an order says which alarm, and who wants it", (t) => {
  t.deepEqual(alarmOrderOf("acknowledge", { ...BY, reason: "left out" }), {
    alarm: "gas-high",
    order: { kind: "acknowledge", who: "li" },
  });
  t.throws(() => alarmOrderOf("reset", { alarm: "gas-high" }), { message: /who acts/ });
});

test("whoever silences an alarm says why", (t) => {
  for (const kind of ["shelve", "remove", "return"] as const) {
    t.throws(() => alarmOrderOf(kind, BY), { message: /needs a reason/ });
    t.throws(() => alarmOrderOf(kind, { ...BY, reason: " " }), { message: /needs a reason/ });
    t.is(alarmOrderOf(kind, { ...BY, reason: "washed" }).order.reason, "washed");
  }
});

test("a shelf is for a whole number of milliseconds, or for one activation", (t) => {
  const forMs = (value: unknown) =>
    alarmOrderOf("shelve", { ...BY, reason: "washed", forMs: value }).order;
  t.like(forMs(60_000), { kind: "shelve", forMs: 60_000 });
  t.like(forMs(undefined), { forMs: null });
  for (const wrong of [0, -1, 1.5, "1h", 1e15]) t.throws(() => forMs(wrong), undefined, `${wrong}`);
});
