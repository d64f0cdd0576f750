import { z } from "zod";
import { clock, count, figure, moment, severity, value } from "./parts.ts";
import { wear } from "./status-json.ts";

const seqs = z.object({
  from: z.number().nullable(),
  to: z.number().nullable(),
  stream: z.string(),
  count,
  fromAt: moment.nullable(),
  toAt: moment.nullable(),
});

/** `lifeline buffer`. */
export const bufferSurvey = z.object({
  file: z.string(),
  gateway: z.string().nullable(),
  readings: seqs.extend({
    readings: count.describe("readings in all messages"),
    isCounted: z.boolean().describe("false where that is an estimate"),
    thinned: z.array(z.unknown()),
  }),
  events: seqs,
  bytes: z.object({
    onDisk: count,
    used: count,
    max: count.nullable(),
    diskFree: count,
  }),
  destinations: z.array(
    z.looseObject({
      destination: z.string(),
      isConfigured: z.boolean(),
      readings: count.describe("messages owed"),
      events: count,
      sinceAt: moment.nullable(),
    }),
  ),
  forecast: z.looseObject({}).nullable().describe("how long it can keep everything"),
  wear: wear.nullable(),
  aside: z.array(z.unknown()).describe("buffers that could not be gone on with"),
  card: z.looseObject({}).nullable(),
  running: z.boolean().nullable().describe("whether its gateway runs; null with --database"),
});

/** `lifeline status` and `alarms` of a gateway that does not run. */
export const offline = z.object({
  v: z.literal(1),
  running: z.literal(false),
  gateway: z.string(),
  site: z.string().nullable(),
  at: moment,
  socket: z.string(),
  database: z.string(),
  last: z
    .looseObject({ points: z.array(z.looseObject({})), alarms: z.array(z.looseObject({})) })
    .nullable()
    .describe("what is stored of points and alarms; null where there is no database"),
  buffer: bufferSurvey
    .omit({ card: true, running: true })
    .nullable()
    .optional()
    .describe("left out of alarms"),
});

/** `lifeline events`. */
export const storedEvent = z.looseObject({
  seq: z.number(),
  kind: z.string().optional().describe("left out of an event that is damaged"),
});

/** `lifeline buffer verify`. */
export const bufferVerified = z.object({
  file: z.string(),
  ok: z.boolean(),
  messages: count,
  readings: count,
  events: count,
  unsummed: count.describe("rows of an old release, without a check sum"),
  findings: z.array(z.looseObject({})),
  losses: z.array(z.looseObject({})),
});

/** `lifeline buffer export` to a file. */
export const bufferExported = z.object({
  file: z.string(),
  format: z.enum(["csv", "jsonl", "parquet"]),
  bytes: count,
  from: z.unknown(),
  to: z.unknown(),
  readings: count,
  corrected: count.describe("readings whose time was corrected afterwards"),
  unsynced: count.describe("readings whose time cannot be trusted"),
  lost: z.array(z.unknown()),
  removed: z.array(z.unknown()),
});

/** `lifeline alarms audit`, `lifeline interlock audit`. */
export const chainAudit = z.object({
  file: z.string(),
  ok: z.boolean(),
  events: count,
  first: z.number().nullable(),
  last: z.number().nullable(),
  broken: z.unknown().describe("where the chain is broken; null where it holds"),
});

/** `lifeline alarms history`. */
export const alarmHistory = z.array(
  z.looseObject({
    kind: z.literal("alarm"),
    alarm: z.string(),
    point: z.string(),
    severity,
    unit: z.string().nullable(),
    setpoint: z.unknown(),
    at: moment,
    clock,
    from: z.string(),
    to: z.string(),
    value,
    cause: z.string(),
    who: z.string().optional(),
    reason: z.string().optional(),
  }),
);

const counted = z.array(z.object({ alarm: z.string(), count, share: z.number() }));

/** `lifeline alarms stats`. */
export const alarmStats = z.object({
  from: moment,
  to: moment,
  occurrences: count,
  perDay: figure,
  perHour: figure,
  peak: figure.describe("the most within ten minutes"),
  flood: figure.describe("the share of the time that was in floods"),
  floods: count,
  chattering: counted,
  fleeting: counted,
  standing: z.array(z.object({ alarm: z.string(), since: moment })),
  frequent: counted,
  topTen: figure,
  severities: z.object({ blue: figure, yellow: figure, orange: figure, red: figure }),
  proposals: z.array(
    z.object({
      alarm: z.string(),
      kind: z.enum(["deadband", "offDelay", "onDelay"]),
      to: z.number(),
      saved: count,
      of: count,
    }),
  ),
});
