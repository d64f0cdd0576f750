import { z } from "zod";
import {
  both,
  calibration,
  count,
  frame,
  millis,
  moment,
  quality,
  value,
  work,
  writeOutcome,
} from "./parts.ts";

/** `lifeline read POINT…`, `lifeline read BUS UNIT AREA ADDRESS`. */
export const readings = z.object({
  bus: z.string().optional(),
  unit: z.number().optional(),
  area: z.string().optional(),
  readings: z.array(
    z.object({
      point: z.string().describe("device.point, or the address"),
      value,
      quality,
      unit: z.string().nullable(),
      at: moment,
      calibration: calibration.optional(),
      work: work.optional(),
      maintenance: z.boolean().optional(),
    }),
  ),
});

/** `lifeline read BUS UNIT --pdu HEX`. */
export const exchanged = z.object({
  at: moment,
  request: frame,
  answer: frame.nullable(),
  reason: z.string().nullable().describe("why there is no answer"),
});

/** `lifeline write POINT VALUE`. */
export const written = writeOutcome;

/** `lifeline write BUS UNIT AREA ADDRESS VALUE`. */
export const rawWritten = z.object({ writes: z.array(writeOutcome), who: z.string() });

/** `lifeline trace`, one record a line. */
export const wireRecord = z.object({
  bus: z.string(),
  at: moment,
  sinceUs: z.number().describe("microseconds since the record before"),
  kind: z.string(),
  hex: z.string(),
  reason: z.string().nullable(),
  faulty: z.boolean(),
  frames: z.array(
    z.looseObject({
      ...frame.shape,
      points: z.array(z.object({ point: z.string(), value, quality })),
    }),
  ),
});

/** `lifeline scan`. */
export const scanned = z.object({
  bus: z.string(),
  complete: z.boolean().describe("whether every unit was asked"),
  settings: z.array(
    z.looseObject({
      units: z.array(
        z.looseObject({
          unit: z.number(),
          state: z.string(),
          tookMs: millis.nullable(),
          identity: z.looseObject({}).nullable(),
          profiles: z.array(z.unknown()).describe("the models that fit"),
          device: z.string().nullable().describe("its name in the configuration"),
        }),
      ),
    }),
  ),
  faults: z.array(
    z.looseObject({
      kind: z.string(),
      remark: z.boolean(),
      message: z.string(),
      advice: z.string(),
    }),
  ),
  next: z.array(z.unknown()).describe("what was not asked any more"),
  yaml: z.string().describe("what to add to the configuration"),
});

/** `lifeline decode`, one frame a line. */
export const decoded = z.looseObject({
  framing: z.string(),
  sound: z.boolean().describe("whether nothing is wrong with it"),
  faults: z.array(z.looseObject({ kind: z.string() })),
});

/** `lifeline profiles`. */
export const profileList = z.array(
  z.object({
    profile: z.string(),
    name: both,
    measures: both,
    source: z.string(),
    points: z.array(z.string()),
  }),
);

/** `lifeline profiles NAME`: the profile itself, with its defaults. */
export const profileDetail = z.looseObject({
  profile: z.string(),
  name: both,
  measures: both,
  points: z.record(z.string(), z.looseObject({})),
});

/** `lifeline node flash`. */
export const flashed = z.looseObject({
  outcome: z.literal("done"),
  baud: count,
  tookMs: millis,
});
