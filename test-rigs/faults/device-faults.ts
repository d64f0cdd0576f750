import type { LineFault } from "../plant/line-fault.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import type { Signal } from "../plant/signal.ts";
import type { Bench, Fault } from "./fault.ts";
import { failuresOf, lineSite, qualityOf, TWO, wave } from "./site.ts";

const PAIR = [1, 2].map((unit) => modbusDevice(unit, [wave()]));

/** What can be wrong with one device, or with how it is described. */
export const DEVICE_FAULTS: readonly Fault[] = [
  {
    name: "two devices have one id",
    expected: "device.id-shared",
    subject: "a",
    isQuick: true,
    examine: (bench) => faulty(bench, { kind: "colliding" }, 12),
  },
  {
    name: "one device is dead",
    expected: "device.dead",
    subject: "a",
    isQuick: true,
    examine: (bench) => faulty(bench, { kind: "dead" }, 4),
  },
  {
    name: "a device is slower than its time-out",
    expected: "device.slow",
    subject: "a",
    isQuick: true,
    examine: (bench) => faulty(bench, { kind: "late", untilMs: 320 }, 5),
  },
  {
    name: "a device has another unit id",
    expected: "device.unit-wrong",
    subject: "a",
    isQuick: true,
    examine: async (bench) => {
      const devices = [7, 2].map((unit) => modbusDevice(unit, [wave()]));
      const { home, whenever } = await lineSite(bench, devices, TWO);
      await whenever("silence", ({ buses }) => buses[0]?.silent.includes("a") === true);
      return bench.doctor(home.config);
    },
  },
  {
    name: "a device answers with exceptions",
    expected: "device.refuses",
    subject: "a",
    isQuick: true,
    examine: (bench) => faulty(bench, { kind: "exception", code: 4 }, 3),
  },
  {
    name: "the byte order of a device is wrong",
    expected: "device.order-wrong",
    subject: "m",
    isQuick: true,
    examine: async (bench) => {
      const order = "CDAB" as const;
      const floats = [0, 2].map((address): Signal => {
        return { area: "holding", address, type: "float32", order, valueAt: () => 21.37 + address };
      });
      return await meter(bench, floats, "m.p0", (status) => status !== "bad:not-yet-read", [
        ["p0", "address: 0, type: float32, plausible: [-40, 85]"],
        ["p1", "address: 2, type: float32, plausible: [0, 100]"],
      ]);
    },
  },
  {
    name: "a device's registers are read one address off",
    expected: "device.map-shifted",
    subject: "m",
    isQuick: true,
    examine: async (bench) => {
      const floats = [0, 2, 4].map((address): Signal => {
        return { area: "holding", address, type: "float32", valueAt: () => 21.37 + address };
      });
      return await meter(bench, floats, "m.p2", (quality) => quality === "bad:exception:2", [
        ["p0", "address: 1, type: float32, plausible: [-40, 85]"],
        ["p1", "address: 3, type: float32, plausible: [0, 100]"],
        ["p2", "address: 5, type: float32, plausible: [0, 100]"],
      ]);
    },
  },
  {
    name: "a device's values stand in the other area of registers",
    expected: "device.area-wrong",
    subject: "m",
    isQuick: true,
    examine: async (bench) => {
      const level: Signal = { area: "input", address: 30, type: "int16", valueAt: () => 1240 };
      return await meter(bench, [level], "m.p0", (quality) => quality.startsWith("bad:exc"), [
        ["p0", "address: 30, type: int16"],
      ]);
    },
  },
];

/** Two devices on a line, one of them with `fault`, until `failures` requests came to nothing. */
async function faulty(bench: Bench, fault: LineFault, failures: number) {
  const { line, home, whenever } = await lineSite(bench, PAIR, TWO);
  await whenever("readings", (status) => qualityOf(status, "a.x") === "good");
  line.setFault(1, fault);
  await whenever("failures", (status) => failuresOf(status) >= failures);
  await whenever("the other's", (status) => qualityOf(status, "b.x") === "good");
  return bench.doctor(home.config);
}

/** A meter `m` with `signals`, read as `points` say, until `point` is as expected. */
async function meter(
  bench: Bench,
  signals: readonly Signal[],
  point: string,
  isAsExpected: (quality: string) => boolean,
  points: readonly (readonly [name: string, place: string])[],
) {
  const told = points.map(([name, place]) => `${name}: { area: holding, ${place} }`);
  const yaml = `  m: { bus: line, unit: 3, every: 500ms, points: { ${told.join(", ")} } }`;
  const { home, whenever } = await lineSite(bench, [modbusDevice(3, signals)], yaml);
  await whenever("a doubted value", (status) => isAsExpected(qualityOf(status, point)));
  return bench.doctor(home.config);
}
