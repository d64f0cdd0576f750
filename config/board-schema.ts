import { z } from "zod";
import { ADS_PAIRS, ADS_RANGES, type CHIP_QUANTITIES, LINE_BIASES } from "../edge/core/board.ts";
import { allowed, byKind, choice, flag, refuse, section, whole } from "./fields.ts";

/** The chips that are read, but the ADS1115. */
const SENSOR_CHIPS = [
  "bmp280",
  "bme280",
] as const satisfies readonly (keyof typeof CHIP_QUANTITIES)[];

/** The chips that johnny-five knows and that are refused, with a reason: see `problems-board.ts`. */
export const REFUSED_CHIPS = [
  "bmp180",
  "mpl3115a2",
  "ms5611",
  "sht31d",
  "htu21d",
  "si7020",
  "hx711",
] as const;

function address() {
  return whole(8, 119).describe("Its I2C address, seven bits, such as 0x76.");
}

const between = () => {
  const error = refuse({ kind: "ads-pair" });
  return z
    .tuple([z.int(error), z.int(error)], error)
    .refine(([plus, minus]) => (ADS_PAIRS as readonly string[]).includes(`${plus}-${minus}`), error)
    .meta(allowed({ kind: "ads-pair" }));
};

const RANGES = ADS_RANGES.map((mv) => `${mv}mV` as const);

const chip = byKind(
  [...SENSOR_CHIPS, "ads1115"],
  [
    section({
      kind: choice(SENSOR_CHIPS).describe(
        "Pressure and temperature; with bme280 humidity as well. In kPa, Cel and %.",
      ),
      address: address(),
    }).meta({ title: "sensor" }),
    section({
      kind: choice(["ads1115"]).describe(
        "Volts between two inputs, signed: the output of a bridge, in V.",
      ),
      address: address(),
      between: between().describe("The inputs, the positive one first."),
      range: choice(RANGES as unknown as readonly ["6144mV", ...typeof RANGES])
        .default("256mV")
        .describe("Full scale. At its ends the value is bad:out-of-range."),
    }).meta({ title: "ads1115" }),
    section({
      kind: choice(REFUSED_CHIPS).describe("Refused: what johnny-five makes of them is not safe."),
      address: address().optional(),
    }).meta({ title: "refused" }),
  ],
);

function pin() {
  const error = refuse({ kind: "pin" });
  return z
    .union(
      [z.int(error).min(0, error).max(127, error), z.string(error).regex(/^A\d{1,2}$/, error)],
      error,
    )
    .meta(allowed({ kind: "pin" }));
}

function gpioLine() {
  const error = refuse({ kind: "gpio-line" });
  return z
    .union(
      [z.int(error).min(0, error).max(1023, error), z.string(error).regex(/^\S{1,64}$/, error)],
      error,
    )
    .meta(allowed({ kind: "gpio-line" }));
}

/** The keys of a point on a bus of kind firmata or gpio, beside those that every point has. */
export const BOARD_POINT_SHAPE = {
  pin: pin()
    .optional()
    .describe(
      "On a board: an analog pin such as A0, whose value is the volts at it, or the number of a digital one, whose value is true while it is high. With write: true the board drives a digital one: true is high.",
    ),
  pullUp: flag()
    .optional()
    .describe(
      "Whether the board pulls a digital pin up, so that an open contact reads true. Default: false.",
    ),
  line: gpioLine()
    .optional()
    .describe(
      "On a bus of kind gpio: the line, whose value is true while it is active. With write: true the gateway drives it, from its start on, to false first.",
    ),
  activeLow: flag()
    .optional()
    .describe("Whether a line is active while it is low. Default: false."),
  bias: choice(LINE_BIASES)
    .optional()
    .describe("How a line that is read is pulled where nothing drives it. Default: as-is."),
  chip: chip.optional().describe("On a board: a chip on its I2C wires."),
  quantity: choice(["temperature", "pressure", "humidity"])
    .optional()
    .describe("What of a sensor chip the value is."),
};
