import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readBarOf, readBarText } from "./read-bar.ts";

const counter = { id: "d.count", device: "d", area: "holding", address: 7, type: "uint32" };
const devices = [{ name: "d", bus: "line", unit: 3, forbidden: [] }];
const configOf = (readClears: boolean) =>
  ({ devices, points: [{ ...counter, length: 0, readClears }] }) as unknown as GatewayConfig;
const UNIT = { bus: "line", unit: 3 };
const range = (address: number, count = 1) => ({ area: "holding", address, count }) as const;

const clearedBy = (...asked: Parameters<typeof readBarOf>) => {
  const bar = readBarOf(...asked);
  return bar?.kind === "clears" ? bar.point : null;
};

test("a point is cleared by reading any register of it", (t) => {
  const cleared = [6, 7, 8, 9].map((address) => clearedBy(configOf(true), UNIT, range(address)));
  t.deepEqual(cleared, [null, "d.count", "d.count", null]);
  t.is(clearedBy(configOf(true), UNIT, range(0, 125)), "d.count");
});

test("another unit, bus or area is another place, and most points are not cleared", (t) => {
  t.is(clearedBy(configOf(true), { ...UNIT, unit: 4 }, range(7)), null);
  t.is(clearedBy(configOf(true), { ...UNIT, bus: "other" }, range(7)), null);
  t.is(clearedBy(configOf(true), UNIT, { ...range(7), area: "input" }), null);
  t.is(clearedBy(configOf(false), UNIT, range(7)), null);
});

test("a range that touches what its device forbids is barred, and no other", (t) => {
  const forbidden = [{ area: "holding", address: 100, count: 10 }];
  const config = { ...configOf(false), devices: [{ ...devices[0], forbidden }] };
  const barOf = (address: number, count: number, unit = 3) =>
    readBarOf(config as unknown as GatewayConfig, { bus: "line", unit }, range(address, count));
  t.deepEqual(barOf(95, 6), { kind: "forbidden", device: "d" });
  t.deepEqual(barOf(109, 1), { kind: "forbidden", device: "d" });
  t.is(barOf(95, 5), null);
  t.is(barOf(110, 5), null);
  t.is(barOf(100, 1, 4), null);
  t.regex(readBarText({ kind: "forbidden", device: "d" }), /d forbids .* range is forbidden/);
});
