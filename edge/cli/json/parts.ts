import { z } from "zod";
import { PROTECTION_LIFTS, PROTECTIONS } from "../../core/sealed.ts";

/** A moment, in Unix milliseconds. */
export const moment = z.number().describe("Unix milliseconds");

/** A length of time, in milliseconds. */
export const millis = z.number().describe("milliseconds");

/** How keys are protected on the disk. */
export const secrets = z.object({
  protection: z
    .enum(PROTECTIONS)
    .describe("file: by who may read it; host: sealed by a key of the same disk; tpm: by a TPM"),
  lift: z
    .enum(PROTECTION_LIFTS)
    .nullable()
    .describe("what would better that: see `lifeline provision`; null where nothing would"),
});

export const count = z.number().int().min(0);

/** The value of a point; null where it is not known. */
export const value = z
  .union([z.number(), z.boolean(), z.string(), z.null()])
  .describe("null where it is not known");

export const quality = z
  .string()
  .regex(/^(good|(bad|uncertain):.+)$/)
  .describe("good, or uncertain or bad with a reason: bad:timeout");

export const severity = z.enum(["blue", "yellow", "orange", "red"]);

export const clock = z
  .enum(["synced", "corrected", "unsynced"])
  .describe("what a time given beside it is worth");

export const alarmState = z.enum([
  "normal",
  "unacknowledged",
  "acknowledged",
  "returned-unacknowledged",
  "latched-unacknowledged",
  "latched-acknowledged",
  "shelved",
  "suppressed",
  "out-of-service",
]);

/** What an alarm is raised by. */
export const limit = z.enum([
  "high",
  "low",
  "deviation",
  "rate",
  "equal",
  "bad",
  "silent",
  "vote",
  "expression",
]);

/** Messages of readings, and events. */
export const perStream = z.object({ readings: z.number(), events: z.number() });

/** Until when a calibration holds. */
export const calibration = z
  .object({ due: moment.nullable().describe("null where it never was"), isOverdue: z.boolean() })
  .nullable();

/** Somebody is at work on a point. */
export const work = z.object({ who: z.string(), until: moment });

/** A text in both languages. */
export const both = z.object({ en: z.string(), "zh-CN": z.string() });

/** How much that is, and how much it should be at most. */
export const figure = z.object({
  value: z.number(),
  target: z.number(),
  good: z.boolean().nullable().describe("null where too little time passed to tell"),
});

/** A write, as it is recorded. */
export const writeOutcome = z.object({
  kind: z.literal("write"),
  point: z.string().describe("device.point, or bus/unit/area/address"),
  unit: z.string().nullable(),
  old: value,
  value,
  outcome: z.string().describe("done, or what became of it"),
  cause: z.string(),
  at: moment,
  clock,
  who: z.string(),
  notRecorded: z.string().optional().describe("why it could not be recorded, though it was sent"),
});

/** A frame of Modbus, explained. */
export const frame = z.object({
  hex: z.string(),
  role: z.string().nullable().describe("request, answer, or null where that cannot be told"),
  sound: z.boolean().describe("whether nothing is wrong with it"),
  transaction: z.number().nullable(),
  unit: z.number().nullable(),
  function: z.number().nullable(),
  functionName: z.string().nullable().describe("in the language of the command"),
  exception: z.boolean(),
  meanings: z.array(
    z.object({
      direction: z.string(),
      fields: z.array(
        z.object({
          name: z.string(),
          index: z.number().nullable(),
          hex: z.string(),
          value: z.unknown(),
          meaning: z.string().nullable(),
        }),
      ),
    }),
  ),
  checkSum: z.object({ given: z.string(), computed: z.string(), right: z.boolean() }).nullable(),
  faults: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
  hints: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
  notes: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
  parts: z.array(z.string()),
});
