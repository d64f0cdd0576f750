import test from "ava";
import { GatewayError } from "../core/errors.ts";
import type { RunningGateway } from "../running-gateway.ts";
import { controlOf } from "./control.ts";

/** A gateway that never gets to hear of the calls of these tests. */
const GATEWAY = { field: {} } as unknown as RunningGateway;

test("a call that is none is refused with a code, saying why", async (t) => {
  const calls: readonly (readonly [string, unknown, RegExp])[] = [
    ["fly", {}, /no method fly/],
    ["trace", {}, /needs a bus/],
    ["acknowledge", { alarm: "gas" }, /needs an alarm and who/],
    ["read", {}, /points or a place/],
    ["write", { point: "a.b" }, /write needs/],
    ["exchange", { bus: "line" }, /exchange needs/],
    ["document", { document: "poem" }, /of kind commissioning or calibration/],
    ["probe", {}, /needs a bus/],
  ];
  const handle = controlOf(GATEWAY);
  for (const [method, params, message] of calls) {
    const call = async () => await handle(method, params);
    const error = await t.throwsAsync(call(), { instanceOf: GatewayError, message });
    t.is(error?.code, "control.call", method);
  }
});
