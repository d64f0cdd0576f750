import { z } from "zod";
import { UNKNOWN_VOTES } from "../edge/core/alarm-condition.ts";
import {
  allowed,
  choice,
  duration,
  entries,
  flag,
  name,
  notNegative,
  real,
  refuse,
  section,
  text,
  textLike,
  whole,
} from "./fields.ts";
import { pointId } from "./point-schema.ts";

const VALUE = { kind: "any-value" } as const;
const REFERENCE = { kind: "number-or-point-id" } as const;
const MONTHS = { kind: "months" } as const;
const SOURCES = { kind: "sources" } as const;

/** An alarm by its name, or a point by its id: names hold no dot. */
function alarmInput() {
  return textLike("alarm-input", /^[\p{L}\p{N}][\p{L}\p{N}_-]*(\.[\p{L}\p{N}][\p{L}\p{N}_-]*)?$/u);
}

function formula() {
  return text(400).describe(
    "A condition over the inputs of `of`, as in derive: comparisons, && || !, arithmetic. An alarm counts 1 while its condition is present (be it shelved or not), else 0.",
  );
}

function inputs() {
  return entries("alarm-input", alarmInput()).describe(
    "The inputs by the names they have in `when`: each an alarm by its name, or a point, device.point.",
  );
}

const month = whole(1, 12);

const enable = section({
  when: formula()
    .optional()
    .describe(
      "In force while this is true. While it is not known the alarm is in force: a dead sensor silences nothing. After a start it stays as it was until each point was heard of, or would be stale.",
    ),
  of: inputs().optional(),
  months: z
    .tuple([month, month], refuse(MONTHS))
    .meta(allowed(MONTHS))
    .optional()
    .describe(
      "In force from the first of these months to the last, by the calendar of site.timeZone.",
    ),
}).meta({ title: "enable" });

/** The keys that say what an alarm is raised by; exactly one of them stands in each alarm. */
export const CONDITION_KEYS = [
  "high",
  "low",
  "equals",
  "deviation",
  "rate",
  "bad",
  "silent",
  "when",
] as const;

export const alarmSchema = section({
  point: pointId()
    .optional()
    .describe("The point to judge, device.point. Needed, but with vote or when."),
  high: real().optional().describe("Raised at or above this, in the point's unit."),
  low: real().optional().describe("Raised at or below this, in the point's unit."),
  equals: z
    .union([z.boolean(), z.number(), z.string().min(1).max(200)], refuse(VALUE))
    .meta(allowed(VALUE))
    .optional()
    .describe("Raised while the value is exactly this; true is 1, and false is 0."),
  deviation: notNegative()
    .optional()
    .describe("Raised when the value is so far from `from`, or farther, above or below."),
  from: z
    .union([z.number(), pointId()], refuse(REFERENCE))
    .meta(allowed(REFERENCE))
    .optional()
    .describe("With deviation: the setpoint, or the point, that it is measured against."),
  rate: real()
    .optional()
    .describe("Raised when the value rises so much in `per`, or more; falls, where negative."),
  per: duration("1s", "1d").optional().describe("With rate: the time it is for. Default: 1m."),
  over: duration("1s", "1d")
    .optional()
    .describe(
      "With rate: the time whose values it is worked out of, by the line that fits them best; nothing is judged until they span half of it. Needed with rate.",
    ),
  bad: flag()
    .optional()
    .describe("Raised while the quality is bad; onDelay says for how long that may be."),
  silent: duration("1s", "30d")
    .optional()
    .describe("Raised when no value has come for so long; a bad one is none."),
  when: formula()
    .optional()
    .describe(
      "Raised while this is true: a condition over the inputs of `of`, as in derive: comparisons, && || !, arithmetic. An alarm counts 1 while its condition is present (be it shelved or not), else 0.",
    ),
  of: inputs().optional(),
  vote: z
    .array(pointId(), refuse(SOURCES))
    .min(2, refuse(SOURCES))
    .max(16, refuse(SOURCES))
    .meta(allowed(SOURCES))
    .optional()
    .describe("Instead of point: so many points, each judged by high, low or equals."),
  need: whole(1, 16).optional().describe("With vote: how many must trip. Needed with vote."),
  unknown: choice(UNKNOWN_VOTES)
    .optional()
    .describe(
      "With vote: what a point without a value counts as. as-tripped: as one that trips, so that fewer of the others are needed and a dead detector cannot hide gas; as-not: as one that does not; left-out: need stays, but of fewer known ones all must trip. A point that was never heard of since the start counts so too, once it would be stale: after three periods, or silentAfter. Default: as-tripped.",
    ),
  deadband: notNegative()
    .default(0)
    .describe("How far the value must come back from the limit to clear, in the point's unit."),
  onDelay: duration("0ms", "1d")
    .prefault("0ms")
    .describe(
      "How long the condition must hold before the alarm is raised. The last value counts as lasting, though no next one comes, until it is stale: after three periods of its point, or silentAfter.",
    ),
  offDelay: duration("0ms", "1d")
    .prefault("0ms")
    .describe(
      "How long the condition must be gone before the alarm clears. As with onDelay the last value lasts until it is stale; a stale or bad one starts the delay anew.",
    ),
  severity: choice(["blue", "yellow", "orange", "red"]).describe(
    "Warning level of the emergency-response law, mildest first.",
  ),
  latch: flag()
    .default(false)
    .describe("Whether the alarm stays, after its condition went away, until it is reset."),
  ack: flag().default(true).describe("Whether somebody must acknowledge the alarm."),
  group: name()
    .optional()
    .describe(
      "Alarms of one group escalate: while one stands, those of lower severity are suppressed, but for latching ones; the first to be raised is marked.",
    ),
  realarm: duration("1m", "7d")
    .optional()
    .describe("An acknowledged alarm whose condition stands calls again after so long."),
  realarmMax: whole(1, 100)
    .optional()
    .describe("With realarm: how often it calls again at the most. Default: 5."),
  shelveMax: duration("0ms", "7d")
    .prefault("8h")
    .describe("How long somebody may shelve the alarm at the most; 0ms: not at all."),
  enable: enable
    .optional()
    .describe("When the alarm is in force; else it is suppressed by design."),
  interlock: name()
    .optional()
    .describe(
      "Action at the edge that is carried out while the alarm is active, also while it is shelved or suppressed, but not out of service.",
    ),
}).meta({
  title: "alarm",
  // zod has no word for "exactly one of these keys"; the loader checks it with its own message.
  oneOf: CONDITION_KEYS.map((key) => ({ required: [key] })),
});
