import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { MeasureDesk } from "../measure/measure-desk.ts";
import { FieldDesk } from "./field-desk.ts";
import type { FieldBus } from "./field-reach.ts";

/** A desk of which nothing can be had: its one bus must not be asked. */
function aDesk(kind: string) {
  const place = { device: "valve", area: "holding", type: "uint16", order: "ABCD", length: 0 };
  const number = { ...place, scale: 1, offset: 0, readClears: false };
  const points = [
    { ...number, id: "valve.shut", address: 7, write: true },
    { ...number, id: "valve.fixed", address: 8, write: false },
  ];
  const devices = [{ name: "valve", bus: "line", unit: 3 }];
  const config = { buses: [{ name: "line", kind }], devices, points, boards: [] };
  return new FieldDesk({
    clock: new SimClock(),
    desk: new MeasureDesk(new SimClock(), [], new Set()),
    config: config as unknown as GatewayConfig,
    busOf: (name) => (name === "line" && kind !== "serial" ? ({} as FieldBus) : null),
    onCleared: null,
    onWrite: () => {},
  });
}

test("whatever is refused has a code, by which is told what to do", async (t) => {
  const desk = aDesk("modbus-rtu");
  const raw = { bus: "line", unit: 3, area: "holding", address: 0, type: "uint16" } as const;
  const write = { who: "wang", value: "1" };
  const pdu = { bus: "line", unit: 3, pdu: "05 00 00 FF 00", unsafe: false, who: "wang" };
  const codes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["field.unknown", () => desk.read({ points: ["valve.none"] })],
    ["field.unknown", () => desk.read({ raw: { ...raw, bus: "other", count: 1 } })],
    ["field.unknown", () => desk.write({ ...write, point: "valve.none" })],
    ["field.refused", () => desk.read({ raw: { ...raw, count: 126 } })],
    ["field.refused", () => desk.read({ raw: { ...raw, address: 65_535, count: 2 } })],
    ["field.refused", () => desk.write({ ...write, point: "valve.fixed" })],
    ["field.refused", () => desk.write({ ...write, point: "valve.shut", value: "much" })],
    ["field.refused", () => desk.exchange(pdu)],
  ];
  for (const [code, act] of codes) {
    const error = await t.throwsAsync(act(), { instanceOf: GatewayError });
    t.is(error?.code, code as never, error?.message);
  }
});

test("a bus that is not asked by address is told as such", async (t) => {
  const desk = aDesk("serial");
  const raw = { bus: "line", unit: 1, area: "holding", address: 0, count: 1 } as const;
  const error = await t.throwsAsync(desk.read({ raw: { ...raw, type: "uint16" } }));
  t.like(error, { code: "field.refused" });
  t.regex(error?.message ?? "", /bus line are not asked by address/);
});
