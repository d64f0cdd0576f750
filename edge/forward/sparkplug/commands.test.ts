import test from "ava";
import { POINT } from "../../../test-rigs/sim/a-point.ts";
import { catalogOf } from "./catalog.ts";
import { deviceOrders, nodeOrders } from "./commands.ts";
import { DATA_TYPES } from "./data-types.ts";
import { encodePayload } from "./encode.ts";
import type { Metric } from "./payload.ts";

const catalog = catalogOf({
  points: [
    { ...POINT, id: "v.on", device: "v", type: "bool", write: true },
    { ...POINT, id: "v.level", device: "v", type: "int16", scale: 0.1, write: true },
    { ...POINT, id: "v.fixed", device: "v", type: "int16" },
  ],
  talkers: [],
  boards: [],
  derived: [],
  alarms: [],
});
const aliasOf = (point: string) => catalog.points.get(point)?.metric.alias ?? 0;
const payload = (...metrics: readonly Metric[]) => encodePayload({ timestamp: 1, metrics });
const orders = (...metrics: readonly Metric[]) => deviceOrders(catalog, "v", payload(...metrics));

test("a rebirth is ordered by its name and true, and by nothing else", (t) => {
  const name = "Node Control/Rebirth";
  t.deepEqual(nodeOrders(payload({ name, booleanValue: true })), [{ kind: "rebirth" }]);
  t.deepEqual(nodeOrders(payload({ name, booleanValue: false })), []);
  t.like(nodeOrders(payload({ name: "Node Control/Reboot", booleanValue: true }))[0], {
    kind: "refused",
    why: "unknown",
  });
  t.like(nodeOrders(Uint8Array.of(0xff))[0], { kind: "refused", why: "malformed" });
});

test("a value is ordered by name or by alias, with its type or without", (t) => {
  t.deepEqual(orders({ name: "on", booleanValue: true }), [
    { kind: "write", point: "v.on", value: "true" },
  ]);
  const level = { alias: aliasOf("v.level") };
  t.deepEqual(orders({ ...level, doubleValue: 1.5 }), [
    { kind: "write", point: "v.level", value: "1.5" },
  ]);
  const typed = { datatype: DATA_TYPES.Int16, intValue: 0xffff_fffe };
  t.deepEqual(orders({ ...level, ...typed }), [{ kind: "write", point: "v.level", value: "-2" }]);
  const float = { datatype: DATA_TYPES.Float, floatValue: Math.fround(0.1) };
  t.like(orders({ ...level, ...float })[0], { value: "0.1" });
});

test("what may not be written, is not known, or cannot be is refused, each for its reason", (t) => {
  const why = (metric: Metric) => {
    const [order] = orders(metric);
    return order?.kind === "refused" ? order.why : order?.kind;
  };
  t.is(why({ name: "fixed", intValue: 1 }), "not-writable");
  t.is(why({ name: "other", intValue: 1 }), "unknown");
  t.is(why({ alias: 99, intValue: 1 }), "unknown");
  t.is(why({ name: "on", isNull: true }), "unfit");
  t.is(why({ name: "on", datatype: DATA_TYPES.Int8, intValue: 1 }), "unfit");
  t.is(why({ name: "level", doubleValue: Number.NaN }), "unfit");
  t.is(why({ name: "level", datatype: DATA_TYPES.String, stringValue: "1" }), "unfit");
  t.like(deviceOrders(catalog, "w", payload({ name: "on", booleanValue: true }))[0], {
    why: "unknown",
  });
  t.like(deviceOrders(catalog, "v", Uint8Array.of(0x12, 0x7f))[0], { why: "malformed" });
});
