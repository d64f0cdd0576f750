import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { deviceOnly, unknownPoint } from "./unknown-point.ts";

const config = {
  points: [{ id: "gas-1.gas" }, { id: "gas-1.state" }],
  derived: [],
  talkers: [{ points: [{ id: "wind.speed" }] }],
  boards: [],
} as unknown as GatewayConfig;

test("a name that is nearly that of a point is answered with that point", (t) => {
  t.regex(unknownPoint(config, "gas-1.gaz", "en"), /did you mean gas-1\.gas\?/);
  t.notRegex(unknownPoint(config, "level-7.height", "en"), /did you mean/);
});

test("the name of a device is answered with its points", (t) => {
  t.regex(deviceOnly(config, "gas-1", "en") ?? "", /gas-1\.gas, gas-1\.state/);
  t.is(deviceOnly(config, "gas", "en"), null);
});
