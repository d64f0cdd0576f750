import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import { type FieldBus, FieldReach } from "./field-reach.ts";

const PACE = { timeoutMs: 900, silenceMs: null, turnaroundMs: null };
const line = {} as FieldBus;
const reach = new FieldReach({
  config: {
    buses: [{ name: "line" }, { name: "talker" }],
    devices: [{ name: "d", bus: "line", unit: 3, pace: PACE }],
    points: [POINT, { ...POINT, id: "lost.x", device: "lost" }],
  } as unknown as GatewayConfig,
  busOf: (name) => (name === "line" ? line : null),
});

test("a point is found with its device, the bus of that and its pace", async (t) => {
  const point = reach.point("d.level");
  t.is(point, POINT);
  t.deepEqual(await reach.deviceOf(point), {
    device: "d",
    busName: "line",
    unit: 3,
    pace: PACE,
    bus: line,
  });
});

test("a unit is asked at the pace of the device there, another at that of the bus", (t) => {
  t.deepEqual(reach.addressee({ bus: "line", unit: 3 }), { device: "line", unit: 3, pace: PACE });
  t.deepEqual(reach.addressee({ bus: "line", unit: 4 }), { device: "line", unit: 4 });
});

test("what the configuration lacks is unknown, and a bus that is not asked is refused", async (t) => {
  t.throws(() => reach.point("d.none"), { code: "field.unknown" });
  await t.throwsAsync(reach.deviceOf(reach.point("lost.x")), { code: "field.unknown" });
  await t.throwsAsync(reach.bus("none"), { code: "field.unknown", message: /no bus none/ });
  await t.throwsAsync(reach.bus("talker"), { code: "field.refused", message: /bus talker/ });
});
