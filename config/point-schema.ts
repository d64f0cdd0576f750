import { z } from "zod";
import { BOARD_POINT_SHAPE } from "./board-schema.ts";
import { DERIVE_SHAPE } from "./derive-schema.ts";
import {
  allowed,
  choice,
  duration,
  flag,
  pduAddress,
  real,
  refuse,
  section,
  text,
  textLike,
  whole,
} from "./fields.ts";
import { AREAS } from "./limits-schema.ts";
import { CALIBRATION_SHAPE, MEASURE_SHAPE } from "./measure-schema.ts";
import { TALK_POINT_SHAPE } from "./talk-schema.ts";

const TYPES = [
  "bool",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "bcd16",
  "bcd32",
  "string",
  "int8",
  "uint8",
] as const;

/** A reference to a point, `device.point`. */
export function pointId() {
  const pattern = /^[\p{L}\p{N}][\p{L}\p{N}_-]*\.[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;
  return textLike("point-id", pattern);
}

/** How often a point is read. */
export function every() {
  return duration("10ms", "1d");
}

/** How often readings are committed. */
export function commit() {
  return duration("50ms", "60s");
}

/**
 * The keys of a point, in `gateway.yaml` and in a profile. All are optional here, because a
 * device may change a single key of a point of its profile; `completePoint` says what is missing.
 */
export const POINT_SHAPE = {
  area: choice(AREAS)
    .optional()
    .describe("Modbus data table. Needed with address; a number implies it."),
  address: pduAddress().optional().describe("PDU address, from 0."),
  number: z
    .union([z.int(), z.string()], refuse({ kind: "documented-number" }))
    .meta(allowed({ kind: "documented-number" }))
    .optional()
    .describe(
      "Number as printed in the device's manual, 5 or 6 digits, such as 40005: names area and address at once. Write it instead of address.",
    ),
  type: choice(TYPES)
    .optional()
    .describe(
      "How registers, or the bytes of a frame, make a value. Default: bool for coil and discrete, a number in text; else needed. int8 and uint8 only in frames.",
    ),
  order: choice(["ABCD", "CDAB", "BADC", "DCBA"])
    .optional()
    .describe(
      "The bytes of the value ABCD in the order they arrive. Default: ABCD. For 64 bits, CDAB reverses the words, BADC swaps the bytes of each word, DCBA does both.",
    ),
  length: whole(1, 125)
    .optional()
    .describe("Registers a string takes, two characters each. For type string only; needed there."),
  scale: real()
    .optional()
    .describe("value = raw * scale + offset. Default: 1. Not 0; for numbers only."),
  offset: real().optional().describe("See scale. Default: 0. For numbers only."),
  unit: text(32).optional().describe("Unit of the value: a UCUM code where one exists."),
  every: every()
    .optional()
    .describe(
      "Period of reading. Default: the device's every, else 1s. A point of a profile may name a longer one, which holds for it unless the device's own point says otherwise.",
    ),
  readAlone: flag()
    .optional()
    .describe(
      "Whether the point is read in a request of its own. Default: the device's readAlone.",
    ),
  readClears: flag()
    .optional()
    .describe(
      "Whether reading clears the registers, as a counter since the last reading: they are read once a period, in a request of their own, and never for another point. Default: false.",
    ),
  write: flag()
    .optional()
    .describe(
      "Whether the point may be written. Default: false. For coil and holding, on a board for a digital pin and on bus kind gpio for a line, which are outputs then.",
    ),
  ...DERIVE_SHAPE,
  ...MEASURE_SHAPE,
  ...TALK_POINT_SHAPE,
};

/** One quantity to read. */
export const pointSchema = section({
  ...POINT_SHAPE,
  ...BOARD_POINT_SHAPE,
  ...CALIBRATION_SHAPE,
  commit: commit()
    .optional()
    .describe(
      "Time between group commits of its readings: none that is older than this, and the time that the disk takes, is lost with the power. Default: the device's commit, else buffer.commit.",
    ),
}).meta({
  title: "point",
});

/** The keys of a point, read. */
export type PointInput = z.output<typeof pointSchema>;
