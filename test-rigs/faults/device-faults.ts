import type { LineFault } from "../plant/line-fault.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import type { Signal } from "../plant/signal.ts";
import {
  areRead,
  type Built,
  busIn,
  failuresOf,
  type LineStory,
  openLine,
  PATIENT,
  qualityOf,
  twoDevices,
  wave,
} from "./line-story.ts";

const PAIR = [1, 2].map((unit) => modbusDevice(unit, [wave()]));
const first = (bus: string) => `${bus}-a`;
const meter = (bus: string) => `${bus}-m`;

/** What can be wrong with one device, or with how it is described. */
export const DEVICE_STORIES: readonly LineStory[] = [
  faulty("two devices have one id", "device.id-shared", { kind: "colliding" }, 12),
  faulty("one device is dead", "device.dead", { kind: "dead" }, 4),
  faulty("a device is slower than its time-out", "device.slow", { kind: "late", untilMs: 320 }, 5),
  faulty("a device answers with exceptions", "device.refuses", { kind: "exception", code: 4 }, 3),
  {
    name: "a device has another unit id",
    expected: "device.unit-wrong",
    subject: first,
    build: (bench, bus) => ({
      bus: openLine(bench, bus, { devices: [7, 2].map((unit) => modbusDevice(unit, [wave()])) })
        .yaml,
      devices: twoDevices(bus),
      isShown: (status) => busIn(status, bus)?.silent.length === 1,
    }),
  },
  misread(
    "the byte order of a device is wrong",
    "device.order-wrong",
    [0, 2].map((address) => floatAt(address, "CDAB")),
    [
      ["p0", "holding, address: 0, type: float32, plausible: [-40, 85]"],
      ["p1", "holding, address: 2, type: float32, plausible: [0, 100]"],
    ],
  ),
  misread(
    "a device's registers are read one address off",
    "device.map-shifted",
    [0, 2, 4].map((address) => floatAt(address, "ABCD")),
    [
      ["p0", "holding, address: 1, type: float32, plausible: [-40, 85]"],
      ["p1", "holding, address: 3, type: float32, plausible: [0, 100]"],
      ["p2", "holding, address: 5, type: float32, plausible: [0, 100]"],
    ],
  ),
  misread(
    "a device's values stand in the other area of registers",
    "device.area-wrong",
    [{ area: "input", address: 30, type: "int16", valueAt: () => 1240 }],
    [["p0", "holding, address: 30, type: int16"]],
  ),
];

function floatAt(address: number, order: "ABCD" | "CDAB"): Signal {
  return { area: "holding", address, type: "float32", order, valueAt: () => 21.37 + address };
}

/** Two devices on a line, one of them with `fault`, until `failures` requests came to nothing. */
function faulty(
  name: string,
  expected: LineStory["expected"],
  fault: LineFault,
  failures: number,
): LineStory {
  return {
    name,
    expected,
    subject: first,
    build: (bench, bus): Built => {
      const { line, yaml } = openLine(bench, bus, { devices: PAIR });
      return {
        bus: yaml,
        devices: twoDevices(bus),
        isReady: areRead(bus),
        befall: () => line.setFault(1, fault),
        isShown: (status) =>
          failuresOf(status, bus) >= failures && qualityOf(status, `${bus}-b.x`) === "good",
      };
    },
  };
}

/** A meter with `signals`, read as `points` say, until the last of these has no good value. */
function misread(
  name: string,
  expected: LineStory["expected"],
  signals: readonly Signal[],
  points: readonly (readonly [name: string, place: string])[],
): LineStory {
  return {
    name,
    expected,
    subject: meter,
    build: (bench, bus): Built => {
      const told = points.map(([point, place]) => `${point}: { area: ${place} }`).join(", ");
      const last = `${meter(bus)}.${points.at(-1)?.[0]}`;
      return {
        bus: openLine(bench, bus, { devices: [modbusDevice(3, signals)], settings: PATIENT }).yaml,
        devices: `  ${meter(bus)}: { bus: ${bus}, unit: 3, every: 500ms, points: { ${told} } }`,
        isShown: (status) => /^bad:(exception:\d+|out-of-range)$/.test(qualityOf(status, last)),
      };
    },
  };
}
