import { z } from "zod";
import {
  alarmState,
  calibration,
  clock,
  count,
  limit,
  millis,
  moment,
  perStream,
  quality,
  severity,
  value,
  work,
} from "./parts.ts";

const bus = z.object({
  bus: z.string(),
  board: z.looseObject({ firmware: z.string() }).optional().describe("of a board that is open"),
  state: z.enum(["open", "closed"]),
  since: moment.nullable(),
  trouble: z.string().nullable().describe("why it is closed"),
  counters: z.record(z.string(), z.number()).describe("since the gateway started"),
  missed: count.describe("due times for which the line had no time"),
  silent: z.array(z.string()).describe("devices that do not answer"),
  unanswered: z
    .array(z.looseObject({ device: z.string(), points: z.array(z.string()) }))
    .describe("parts of devices that do not answer"),
  disturbed: z.array(z.string()).describe("devices left alone: frames come that nobody asked for"),
  rivals: z.array(z.string()).describe("addresses of peers that displace each other"),
  use: z
    .object({
      load: z.number().describe("of the last minute, 0 to 1"),
      requestsPerS: z.number(),
      failures: z.record(z.string(), z.number()).describe("requests that failed, by why"),
      lastFailure: z
        .object({ device: z.string(), unit: z.number(), reason: z.string(), at: moment })
        .nullable(),
    })
    .nullable()
    .describe("null for a bus that is only listened to"),
});

const point = z.object({
  point: z.string(),
  origin: z.enum(["asked", "told", "derived"]),
  unit: z.string().nullable().describe("UCUM code"),
  value,
  quality,
  at: moment.nullable().describe("when it was acquired; null before the first reading"),
  ageMs: millis.nullable(),
  everyMs: millis,
  calibration,
  work: work.optional().describe("who calibrates it"),
  maintenance: z.boolean().describe("whether the device asks for maintenance"),
});

/** One alarm. */
export const alarm = z.object({
  alarm: z.string(),
  point: z.string(),
  state: alarmState,
  active: z.boolean().describe("whether its condition is there, shelved or not"),
  severity,
  setpoint: z.unknown(),
  limit,
  since: moment.nullable(),
  value,
  unit: z.string().nullable(),
  until: moment.nullable().describe("until when it is shelved at the latest"),
  group: z.string().nullable(),
  first: z.boolean().describe("whether it was the first of its group"),
  by: z.object({ who: z.string(), reason: z.string().optional() }).nullable(),
});

/** One interlock. */
export const interlock = z.object({
  interlock: z.string(),
  point: z.string().describe("the output"),
  state: z.string(),
  alarms: z.array(z.string()),
  by: z.string().nullable().describe("what asked for the latest trip"),
  since: moment.nullable(),
  told: value,
  readBack: value,
  readBackAt: moment.nullable(),
  trouble: z.string().nullable().describe("why the output does not obey"),
  lastAction: z.object({ cause: z.string(), at: moment }).nullable(),
  missing: z.array(z.string()).describe("points whose permissive conditions do not hold"),
  override: z.object({ who: z.string(), reason: z.string(), until: moment }).nullable(),
  deadMan: z
    .object({ point: z.string(), expected: z.number(), found: value, verdict: z.string() })
    .nullable(),
  trip: z.string().nullable().describe("the key of the latest trip"),
});

/** What a card is put to. */
export const wear = z.looseObject({
  totalBytes: z.number(),
  bytesPerDay: z.number(),
  lifeMs: millis,
});

const buffer = z.object({
  waiting: count.describe("readings in memory, for the next commit"),
  waitingEvents: count,
  refused: count.describe("readings lost since the start, for the disk took nothing"),
  refusedEvents: count,
  commits: count,
  bytes: count,
  failing: z.string().nullable().describe("the code of the error of the last commit"),
  retention: z.string(),
  streams: z.object({ readings: z.string(), events: z.string() }),
  heads: perStream.describe("the highest seq of each stream"),
  maxBytes: count,
  wear: wear.nullable(),
});

const destination = z.object({
  destination: z.string(),
  state: z.enum(["connected", "disconnected"]),
  since: moment.nullable(),
  broker: z.string().optional(),
  trouble: z.string().nullable(),
  code: z.string().optional().describe("of the error that keeps it away"),
  owed: perStream.describe("messages that are not acknowledged"),
  inFlight: count,
  acknowledged: count.describe("messages since the gateway started"),
  drain: z
    .object({
      owed: count,
      messagesPerS: z.number(),
      readingsPerS: z.number(),
      leftMs: millis.nullable(),
    })
    .nullable(),
});

/** All that a gateway tells of itself. */
export const status = z.object({
  v: z.literal(1),
  gateway: z.string(),
  site: z.string().nullable(),
  release: z.string(),
  configuration: z.string().describe("its fingerprint"),
  pid: z.number(),
  clock,
  time: z.object({
    state: clock,
    forMs: millis,
    lastStep: z.object({ byMs: millis, agoMs: millis }).nullable(),
    source: z.string().nullable(),
    waiting: perStream,
  }),
  at: moment,
  since: moment.describe("since when the gateway has been running"),
  start: z
    .object({
      found: z.string(),
      why: z.string().nullable(),
      inLastHour: count.describe("starts, this one included"),
      inLastDay: count,
      isTold: z.boolean(),
    })
    .nullable()
    .describe("how the run before this one ended"),
  memory: z
    .array(z.object({ afterMs: millis.describe("since the start"), bytes: count }))
    .describe("what the process took, the oldest first"),
  loops: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        state: z.enum(["resting", "working", "hung"]),
        forMs: millis,
      }),
    )
    .describe("whether each loop of the gateway goes on"),
  buses: z.array(bus),
  points: z.array(point),
  alarms: z.array(alarm),
  interlocks: z.array(interlock),
  buffer,
  destinations: z.array(destination),
});
