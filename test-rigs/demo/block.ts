import type { Text } from "../../edge/core/errors.ts";
import type { PointType } from "../../edge/core/point.ts";
import { type ModbusDevice, modbusDevice } from "../plant/modbus-device.ts";
import type { Signal } from "../plant/signal.ts";
import { isCoverOpen, methaneAt } from "./story.ts";

/** The lines of the block. */
export type BusName = "manhole" | "street" | "bridge";

/** One sensor's quantity: how it behaves, where it stands in the registers, how it is shown. */
export type BlockPoint = {
  readonly place: Text;
  readonly device: string;
  readonly point: string;
  readonly signal: Signal;
  /** UCUM code, null for a state. */
  readonly unit: string | null;
  readonly everyMs: number;
  /** Digits after the point. */
  readonly digits: number;
  /** Bottom and top of its trend. */
  readonly range: readonly [number, number];
};

/** A device and its points. */
type BlockDevice = {
  readonly name: string;
  readonly bus: BusName;
  readonly unit: number;
  readonly points: readonly BlockPoint[];
};

/** The simulated block. */
export type Block = {
  readonly devices: readonly BlockDevice[];
  /** Every point in the order of the view. */
  readonly points: readonly BlockPoint[];
  /** The simulated devices of one line. */
  devicesOn(bus: BusName): readonly ModbusDevice[];
};

const MANHOLE: Text = { en: "Gas manhole", "zh-CN": "燃气井" };
const MAIN: Text = { en: "Water main", "zh-CN": "供水干管" };
const DRAIN: Text = { en: "Storm drain", "zh-CN": "雨水管渠" };
const BRIDGE: Text = { en: "Bridge", "zh-CN": "桥梁" };

/** The block as it lives through a story of `seconds`; signals take milliseconds since its start. */
export function blockOf(seconds: number): Block {
  const part = (ms: number) => ms / 1000 / seconds;
  const methane = (detector: "near" | "far") => (ms: number) =>
    Math.max(0, methaneAt(detector, part(ms)) + 0.4 * drift(detector === "near" ? 1 : 2, ms));
  const gas = (detector: "near" | "far", order: "ABCD" | "CDAB") =>
    ({ area: "input", address: 0, type: "float32", order, valueAt: methane(detector) }) as const;
  const devices: readonly BlockDevice[] = [
    device(MANHOLE, "gas-1", "manhole", 1, [
      ["methane", gas("near", "ABCD"), "%[LEL]", 500, 1, [0, 80]],
    ]),
    device(MANHOLE, "gas-2", "manhole", 2, [
      ["methane", gas("far", "CDAB"), "%[LEL]", 500, 1, [0, 80]],
    ]),
    device(MANHOLE, "manhole", "manhole", 3, [
      ["cover", at("discrete", 0, "bool", 1, (ms) => isCoverOpen(part(ms))), null, 1000, 0, [0, 1]],
      [
        "water",
        at("input", 1, "int16", 0.1, (ms) => 3.2 + 0.3 * drift(3, ms)),
        "cm",
        1000,
        1,
        [2.5, 4],
      ],
    ]),
    device(MAIN, "main-1", "street", 1, [
      [
        "pressure",
        at("holding", 0, "float32", 1, (ms) => 0.342 + 0.004 * drift(4, ms)),
        "MPa",
        1000,
        3,
        [0.33, 0.355],
      ],
    ]),
    device(MAIN, "main-2", "street", 2, [
      [
        "pressure",
        at("holding", 2, "float32", 1, (ms) => 337 + 4 * drift(4, ms - 800)),
        "kPa",
        1000,
        1,
        [325, 350],
      ],
    ]),
    device(DRAIN, "drain", "street", 3, [
      ["level", at("holding", 4, "int16", 0.001, levelAt), "m", 1000, 3, [0.4, 0.8]],
      ["flow", at("holding", 5, "uint16", 0.1, flowAt), "m3/h", 1000, 1, [60, 200]],
    ]),
    device(BRIDGE, "deck", "bridge", 1, [
      ["strain", at("input", 0, "int32", 0.1, strainAt), "um/m", 250, 1, [100, 220]],
      [
        "temp",
        at("input", 2, "int16", 0.1, (ms) => 14.2 + 0.2 * drift(6, ms / 4)),
        "Cel",
        1000,
        1,
        [13.5, 15],
      ],
    ]),
  ];
  return {
    devices,
    points: devices.flatMap(({ points }) => points),
    devicesOn: (bus) =>
      devices
        .filter((one) => one.bus === bus)
        .map(({ unit, points }) =>
          modbusDevice(
            unit,
            points.map(({ signal }) => signal),
          ),
        ),
  };
}

type Row = readonly [
  point: string,
  signal: Signal,
  unit: string | null,
  everyMs: number,
  digits: number,
  range: readonly [number, number],
];

function device(
  place: Text,
  name: string,
  bus: BusName,
  unit: number,
  rows: readonly Row[],
): BlockDevice {
  const points = rows.map(([point, signal, code, everyMs, digits, range]) => {
    return { place, device: name, point, signal, unit: code, everyMs, digits, range };
  });
  return { name, bus, unit, points };
}

function at(
  area: Signal["area"],
  address: number,
  type: PointType,
  scale: number,
  valueAt: Signal["valueAt"],
): Signal {
  return { area, address, type, scale, valueAt };
}

/** Slow noise between about -1 and 1, smooth in time; each seed has its own. */
function drift(seed: number, ms: number): number {
  const s = ms / 1000;
  return (
    0.5 * Math.sin(s / 3.1 + seed) +
    0.3 * Math.sin(s / 1.3 + 2 * seed) +
    0.2 * Math.sin(s / 0.57 + 3 * seed)
  );
}

/** A tide of one minute behind the outfall. */
function levelAt(ms: number): number {
  return 0.6 + 0.11 * Math.sin(ms / 9550) + 0.01 * drift(5, ms);
}

function flowAt(ms: number): number {
  return 130 + 45 * Math.cos(ms / 9550) + 4 * drift(7, ms);
}

/** Time between two lorries on the bridge. */
const LORRY_EVERY_MS = 6_400;

/** The deck under its own weight, bent by each lorry for about two seconds. */
function strainAt(ms: number): number {
  const lorry = Math.floor(ms / LORRY_EVERY_MS);
  const sinceMs = ms - (lorry + 0.5) * LORRY_EVERY_MS;
  const weight = 50 + 40 * Math.sin(lorry * 2.4);
  return 121 + weight * Math.exp(-((sinceMs / 900) ** 2)) + 1.5 * drift(8, 3 * ms);
}
