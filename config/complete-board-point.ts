import {
  type AdsPair,
  type AdsRange,
  type BoardInput,
  CHIP_QUANTITIES,
  isLevel,
  QUANTITY_UNITS,
} from "../edge/core/board.ts";
import type { PointNote } from "./complete-point.ts";
import type { BoardPointConfig } from "./gateway-config.ts";
import { MEASURE_KEYS, measurementOf } from "./measurement.ts";
import type { PointInput } from "./point-schema.ts";
import { formatDuration } from "./quantity.ts";
import { isKnownUnit, nearestUnit } from "./units.ts";

/** A point by itself, without the device it belongs to. */
export type CompleteBoardPoint = Pick<
  BoardPointConfig,
  "input" | "type" | "scale" | "offset" | "sentinels" | "measurement" | "unit"
>;

const NUMBER_KEYS = ["scale", "offset", "unit", "every", "commit", ...MEASURE_KEYS] as const;

/** Keys that a point of each kind may have. */
const KEYS = {
  analog: ["pin", ...NUMBER_KEYS],
  digital: ["pin", "pullUp", "write", "unit", "every", "commit"],
  output: ["pin", "write", "unit", "every", "commit"],
  line: ["line", "activeLow", "bias", "write", "unit", "every", "commit"],
  "line-output": ["line", "activeLow", "write", "unit", "every", "commit"],
  chip: ["chip", "quantity", ...NUMBER_KEYS],
  ads1115: ["chip", ...NUMBER_KEYS],
  told: ["type", ...NUMBER_KEYS],
} as const satisfies Record<BoardInput["kind"], readonly (keyof PointInput)[]>;

/**
 * A pin is told at intervals, a line takes a process, a chip several questions, a program waits for
 * an answer: no faster, in milliseconds.
 */
const LEAST_MS = {
  ...{ analog: 50, digital: 50, output: 50 },
  ...{ line: 100, "line-output": 100, chip: 200, ads1115: 200, told: 100 },
} as const;

/** The kind of a bus whose points are pins, chips or lines, or what programs tell. */
export type BoardKind = "firmata" | "gpio" | "local";

/** What makes another quantity of the volts, or of what a chip measures. */
const CHANGING = ["scale", "offset", "loop", "curve", "physics"] as const;

/**
 * The point of a device on a board, with its defaults, or null when something essential is wrong;
 * all faults are noted.
 */
export function completeBoardPoint(
  point: PointInput,
  { everyMs, on }: { readonly everyMs: number; readonly on: BoardKind },
  note: PointNote,
): CompleteBoardPoint | null {
  const input = INPUT_OF[on](point, note);
  if (input === null) return null;
  checkKeys(point, input.kind, note);
  if (point.unit !== undefined && !isKnownUnit(point.unit)) {
    note("unknown-unit", { unit: point.unit, nearest: nearestUnit(point.unit) }, "unit");
  }
  if (point.scale === 0) note("scale-zero", null, "scale");
  const leastMs = LEAST_MS[input.kind];
  if (everyMs < leastMs) {
    const params = { every: formatDuration(everyMs), least: formatDuration(leastMs) };
    note("board-too-fast", params, point.every === undefined ? null : "every");
  }
  const { scale = 1, offset = 0, unit = usualUnit(point, input), sentinels = [] } = point;
  const isNumber = !isLevel(input);
  const type = isNumber ? "float64" : "bool";
  const measurement = isNumber ? measurementOf(point, true, note) : null;
  return { input, type, scale, offset, unit, sentinels, measurement };
}

const INPUT_OF: Readonly<
  Record<BoardKind, (point: PointInput, note: PointNote) => BoardInput | null>
> = { firmata: inputOf, gpio: lineOf, local: toldOf };

function inputOf(point: PointInput, note: PointNote): BoardInput | null {
  const { pin, chip, pullUp = false, write = false } = point;
  if (pin === undefined) return chip === undefined ? noPlace(note) : chipOf(point, chip, note);
  if (chip !== undefined) {
    note("board-place", { count: 2 }, "chip");
    return null;
  }
  if (typeof pin === "number" && write) return { kind: "output", pin };
  if (typeof pin === "number") return { kind: "digital", pin, pullUp };
  return { kind: "analog", channel: Number(pin.slice(1)) };
}

function lineOf(point: PointInput, note: PointNote): BoardInput | null {
  const { line, write = false, activeLow = false, bias = "as-is" } = point;
  if (line === undefined) {
    note("missing-key", { expected: { kind: "gpio-line" } }, "line");
    return null;
  }
  return write ? { kind: "line-output", line, activeLow } : { kind: "line", line, activeLow, bias };
}

function toldOf({ type = "float64" }: PointInput, note: PointNote): BoardInput | null {
  if (type === "float64" || type === "bool") return { kind: "told", type };
  note("told-type", { type }, "type");
  return null;
}

function noPlace(note: PointNote): null {
  note("board-place", { count: 0 }, null);
  return null;
}

function chipOf(
  { quantity }: PointInput,
  chip: NonNullable<PointInput["chip"]>,
  note: PointNote,
): BoardInput | null {
  switch (chip.kind) {
    case "ads1115": {
      const { kind, address, between, range } = chip;
      const rangeMv = Number.parseInt(range, 10) as AdsRange;
      return { kind, address, between: between.join("-") as AdsPair, rangeMv };
    }
    case "bmp280":
    case "bme280": {
      const allowed = CHIP_QUANTITIES[chip.kind];
      if (quantity === undefined) {
        note("missing-key", { expected: { kind: "choice", values: allowed } }, "quantity");
        return null;
      }
      if (!allowed.includes(quantity)) {
        note("chip-quantity", { chip: chip.kind, quantity, allowed }, "quantity");
      }
      return { kind: "chip", chip: chip.kind, address: chip.address, quantity };
    }
    default:
      note("chip-refused", { chip: chip.kind }, "chip");
      return null;
  }
}

function checkKeys(point: PointInput, here: BoardInput["kind"], note: PointNote): void {
  const allowed: readonly string[] = KEYS[here];
  for (const key of Object.keys(point) as (keyof PointInput)[]) {
    if (!allowed.includes(key)) note("key-elsewhere", { name: key, here, allowed }, key);
  }
}

/** The unit of what is told, where nothing makes another quantity of it. */
function usualUnit(point: PointInput, input: BoardInput): string | null {
  if (isLevel(input) || input.kind === "told" || CHANGING.some((key) => point[key] !== undefined))
    return null;
  return input.kind === "chip" ? QUANTITY_UNITS[input.quantity] : "V";
}
