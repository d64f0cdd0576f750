import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { PointReading } from "../../drivers/driver.ts";
import type { Heard } from "../../drivers/modbus/conversation.ts";
import type { Field } from "../../drivers/modbus/meaning.ts";
import type { Data } from "../../drivers/modbus/readings.ts";
import { readBit, readRegisters, sizeOf } from "../../drivers/modbus/value.ts";
import type { Area } from "../core/point.ts";

/** The area that each function reads or writes (Modbus Application Protocol V1.1b3, 6). */
const AREA: Readonly<Record<number, Area>> = {
  1: "coil",
  2: "discrete",
  3: "holding",
  4: "input",
  5: "coil",
  6: "holding",
  15: "coil",
  16: "holding",
  23: "holding",
};

/** A point's value as a frame tells it. */
export type PointValue = PointReading & Pick<PointConfig, "unit">;

/** The points of `bus` that a frame carries whole, with their values, in the configuration's order. */
export function pointsIn(
  { explanation, asked }: Heard,
  bus: string,
  { devices, points }: Pick<GatewayConfig, "devices" | "points">,
): readonly PointValue[] {
  const carried = dataIn(explanation.meanings[0]?.fields ?? []);
  const area = AREA[explanation.functionCode ?? 0];
  const isSound = explanation.faults.length === 0 && !explanation.isException;
  // What the answer to a write repeats was told by the request.
  const isWritten =
    explanation.functionCode !== null && [5, 6, 15, 16].includes(explanation.functionCode);
  if (carried === null || !isSound || (isWritten && asked !== null)) return [];
  const { from, count, data } = carried;
  const names = devices
    .filter((device) => device.bus === bus && device.unit === explanation.unit)
    .map(({ name }) => name);
  const wanted = points.filter((point) => {
    const isThere = point.address >= from && point.address + sizeOf(point) <= from + count;
    return names.includes(point.device) && point.area === area && isThere;
  });
  return wanted.map((point) => {
    const at = point.address - from;
    const reading =
      data.kind === "bits"
        ? readBit(point, data.bits[at] as boolean)
        : readRegisters(point, data.registers.slice(at, at + sizeOf(point)));
    return { ...reading, unit: point.unit };
  });
}

/** The registers or bits of a frame whose addresses are known. */
function dataIn(
  fields: readonly Field[],
): { readonly from: number; readonly count: number; readonly data: Data } | null {
  const registers = fields.filter(({ name }) => name === "register");
  if (registers.length > 0) {
    const values = registers.map(({ value }) => value as number);
    const data = { kind: "registers", registers: values } as const;
    return { from: registers[0]?.index ?? 0, count: values.length, data };
  }
  const bits = fields.filter(({ name }) => name === "bits");
  const coil = fields.find(({ name }) => name === "value");
  const from = bits[0]?.index ?? fields.find(({ name }) => name === "address")?.value;
  if (typeof from !== "number" || (bits.length === 0 && coil === undefined)) return null;
  const values =
    bits.length > 0
      ? bits.flatMap(({ value }) => value as readonly boolean[])
      : [coil?.value === 0xff00];
  return { from, count: values.length, data: { kind: "bits", bits: values } };
}
