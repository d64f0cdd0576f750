import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { clearedBy, forbiddenIn } from "./cleared.ts";

const counter = { id: "d.count", device: "d", area: "holding", address: 7, type: "uint32" };
const devices = [{ name: "d", bus: "line", unit: 3 }];
const configOf = (readClears: boolean) =>
  ({ devices, points: [{ ...counter, length: 0, readClears }] }) as unknown as GatewayConfig;
const UNIT = { bus: "line", unit: 3 };
const range = (address: number, count = 1) => ({ area: "holding", address, count }) as const;

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

test("a range holds what is forbidden where it shares one address with it, on that unit only", (t) => {
  const forbidden = [{ area: "holding", address: 7, count: 2 }];
  const config = { devices: [{ ...devices[0], forbidden }] } as unknown as GatewayConfig;
  const found = [6, 7, 8, 9].map((address) => forbiddenIn(config, UNIT, range(address))?.address);
  t.deepEqual(found, [undefined, 7, 7, undefined]);
  t.is(forbiddenIn(config, UNIT, range(0, 125))?.address, 7);
  t.is(forbiddenIn(config, { ...UNIT, unit: 4 }, range(7)), null);
  t.is(forbiddenIn(config, UNIT, { ...range(7), area: "input" }), null);
});
