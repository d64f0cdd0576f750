import test from "ava";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import type { ActingBus } from "./modbus-output.ts";
import { outputFinder } from "./output-finder.ts";

test("an output is found with whether its line may give back what is sent", (t) => {
  const finding = (bus: object) => {
    const device = { name: "valve", bus: "line", unit: 1, pace: {} };
    const point = { ...POINT, id: "valve.shut", device: "valve", area: "coil", type: "bool" };
    const buses = [{ name: "line", ...bus }];
    const config = { buses, devices: [device], points: [point], boards: [] };
    const ways = { busOf: () => ({}) as ActingBus, pinsOf: () => null };
    const find = outputFinder(config as never, ways);
    return find({ write: "valve.shut" }).isRepeat(true);
  };
  t.true(finding({ kind: "modbus-rtu", echo: null }));
  t.false(finding({ kind: "modbus-rtu", echo: false }));
});
