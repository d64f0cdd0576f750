import test from "ava";
import { attuneOrderOf, SETTINGS_MAX } from "./attune-order.ts";

const SETTING = { baud: 19_200, format: "8E1" };
const ASKED = { unit: 3, query: { kind: "place", area: "holding", address: 0, count: 1 } };
const ORDER = { bus: "line", settings: [SETTING], asked: [ASKED], timeoutMs: 200 };

test("an order names a bus, settings, what to ask there and for how long", (t) => {
  t.deepEqual(attuneOrderOf(ORDER) as object, { ...ORDER, isForced: false });
  t.true(attuneOrderOf({ ...ORDER, isForced: true }).isForced);
});

test("what is no order is refused: no settings, too many, none that lines have, no question", (t) => {
  const refused = (change: object, message: RegExp) =>
    t.throws(() => attuneOrderOf({ ...ORDER, ...change }), { message });
  refused({ bus: 7 }, /needs a bus/);
  refused({ settings: [] }, /settings/);
  refused({ settings: Array(SETTINGS_MAX + 1).fill(SETTING) }, /settings/);
  refused({ settings: [{ baud: 12_345, format: "8N1" }] }, /a speed of/);
  refused({ settings: [{ baud: 9600, format: "5N1" }] }, /a speed of/);
  refused({ asked: [{ unit: 3, query: { kind: "write" } }] }, /needs a query/);
  refused({ timeoutMs: 1 }, /timeoutMs/);
});
