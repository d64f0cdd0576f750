import { modbusDevice } from "../plant/modbus-device.ts";
import type { Signal } from "../plant/signal.ts";
import { type LineStory, openLine, PATIENT, qualityOf, wave } from "./line-story.ts";

const level = (bus: string) => `${bus}-m.level`;

/** What can be wrong with one quantity. */
export const POINT_STORIES: readonly LineStory[] = [
  quantity(
    "a 4-20 mA loop is open",
    "point.loop-open",
    { area: "input", address: 0, type: "uint16", scale: 0.001, valueAt: () => 0.02 },
    "area: input, address: 0, type: uint16, scale: 0.001, unit: m, loop: { low: 0, high: 5 }",
    /:loop-fault$/,
  ),
  quantity(
    "a calibration is overdue",
    "point.calibration-overdue",
    wave(),
    `area: holding, address: 0, type: uint16, unit: "%[LEL]",
      calibration: { pairs: [[0, 0], [50, 49]], on: 2025-05-01, due: 2026-05-01 }`,
    /^(good|uncertain)/,
  ),
];

/** A device with one point `level`, until that is said to be as expected. */
function quantity(
  name: string,
  expected: LineStory["expected"],
  signal: Signal,
  place: string,
  quality: RegExp,
): LineStory {
  return {
    name,
    expected,
    subject: level,
    build: (bench, bus) => ({
      bus: openLine(bench, bus, { devices: [modbusDevice(3, [signal])], settings: PATIENT }).yaml,
      devices: `  ${bus}-m: { bus: ${bus}, unit: 3, every: 500ms, points: { level: { ${place} } } }`,
      isShown: (status) => quality.test(qualityOf(status, level(bus))),
    }),
  };
}
