import { z } from "zod";
import { PROTECTION_LIFTS, PROTECTIONS } from "../core/sealed.ts";

/** Unix milliseconds, UTC. */
const ms = (what: string) => z.int().min(0).describe(`${what}, in Unix milliseconds.`);
const text = (what: string) => z.string().describe(what);
const maybe = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);
const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const count = (what: string) => z.int().min(0).describe(what);
const share = (what: string) => z.number().min(0).describe(`${what}, as a share of 1.`);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const device = z
  .object({
    device: text("Its name in the configuration."),
    bus: text("The bus it is on."),
    unit: maybe(z.int()).describe("Its address; null where it has none."),
    profile: maybe(z.string()),
    state: z
      .enum(["answers", "partly", "silent", "disturbed", "closed", "unread"])
      .describe(
        "`partly`: some of it is not answered; `disturbed`: left alone, for frames come that nobody asked for; `closed`: its bus is not open; `unread`: none of its points has a value.",
      ),
    points: count("How many points it has."),
    good: count("How many of them have a value that is good."),
  })
  .describe("A configured device, and what was found of it.");

const search = z
  .object({
    bus: z.string(),
    units: text("The addresses that were asked, such as `1-20,30`."),
    isComplete: z.boolean().describe("False where it was ended before, or the line was lost."),
    found: z.array(
      z.object({
        unit: z.int(),
        state: z.enum(["found", "polled", "silent", "garbled", "late"]),
        device: maybe(z.string()).describe("The configured device at this address, or null."),
        name: maybe(z.string()).describe("What it says that it is, or null."),
        profiles: z.array(z.string()).describe("Profiles that fit."),
      }),
    ),
  })
  .describe("A search for devices on one bus.");

const bus = z
  .object({
    bus: z.string(),
    state: text("As `status` tells it: open, or what it is instead."),
    trouble: maybe(z.string()).describe("Why it is not open, or null."),
    line: maybe(z.string()).describe("Speed and format, or host and port; null if not asked."),
    verdict: maybe(z.enum(["fits", "full", "overloaded"])).describe("Of the plan of requests."),
    planned: maybe(share("The load that the plan comes to")),
    plannedOneDead: maybe(share("The same with one device dead")),
    measured: maybe(share("The load of the minute before")),
    requestsPerS: maybe(z.number()).describe("Requests in a second, of the minute before."),
    failures: count("Requests that failed since the gateway was started."),
    missed: count("Due times that the line had no time for, since then."),
  })
  .describe("The load of one bus.");

const reference = z
  .object({
    value: z.union([z.number(), z.boolean()]).describe("What the reference instrument showed."),
    tolerance: z.number().describe("How far the value may be from it, in the unit of the point."),
    read: value.describe("The value that was there when it was compared."),
    quality: z.string(),
    at: ms("When they were compared"),
    difference: maybe(z.number()).describe("`read` less the reference; null where none is known."),
    verdict: z.enum(["pass", "fail", "unknown"]).describe("`unknown`: there was no good value."),
  })
  .describe("A comparison with a reference instrument.");

const point = z.object({
  point: text("`device.point`."),
  unit: maybe(z.string()).describe("UCUM code."),
  value,
  quality: z.string(),
  at: maybe(z.int()).describe("When it was acquired; null before the first reading."),
  reference: maybe(reference),
});

const alarm = z
  .object({
    alarm: z.string(),
    point: z.string(),
    severity: z.enum(["blue", "yellow", "orange", "red"]),
    limit: z.enum([
      ...(["high", "low", "deviation", "rate", "equal", "vote", "bad", "silent"] as const),
      "expression",
    ]),
    setpoint: value,
    unit: maybe(z.string()),
    raised: count("How often its condition came, as far as is stored."),
    lastRaised: maybe(z.object({ at: z.int(), value })),
    lastReturned: maybe(z.int()).describe("When its condition last went."),
    acknowledgedBy: maybe(z.string()).describe("Who acknowledged it last."),
    tested: z.boolean().describe("Whether its condition came and went."),
  })
  .describe("Whether an alarm was tried over its whole loop, by the stored events.");

const interlock = z
  .object({
    interlock: z.string(),
    point: text("The output."),
    alarms: z.array(z.string()),
    tests: count("How often a person tested it, as far as is stored."),
    lastTest: maybe(
      z.object({
        at: z.int(),
        who: z.string(),
        outcome: z
          .enum(["done", "failed", "interrupted", "unfinished"])
          .describe("`done`: the output obeyed both ways."),
      }),
    ),
    trips: count("How often an alarm or a fault tripped it."),
    lastTrip: maybe(z.object({ at: z.int(), by: maybe(z.string()) })),
    tested: z.boolean().describe("Whether the last test was done, or an alarm tripped it."),
  })
  .describe("Whether an interlock was tried, by the stored events.");

const destination = z.object({
  destination: z.string(),
  state: z.enum(["connected", "disconnected"]),
  since: maybe(z.int()),
  acknowledged: count("Messages that it took since the gateway was started."),
  owed: z.object({ readings: z.int(), events: z.int() }).describe("Messages not taken yet."),
  trouble: maybe(z.string()),
});

/** What of a record is not as it should be when a gateway is handed over. */
export const OPEN_CODES = [
  ...(["bus-overloaded", "device-not-answering", "point-not-good", "stranger"] as const),
  ...(["reference-failed", "reference-unknown", "alarm-untested", "interlock-untested"] as const),
  ...(["clock-unsynced", "destination-unreached", "buffer-damaged", "chain-broken"] as const),
  "configuration-differs",
] as const;

/** The record of a hand-over, version 1: what `lifeline report commissioning` writes as JSON. */
export const commissioningRecord = z
  .object({
    v: z.literal(1),
    kind: z.literal("commissioning"),
    number: text("No other record of any gateway has it."),
    at: ms("When it was made"),
    timeZone: text("IANA name of the time zone of the site."),
    gateway: z.object({
      id: z.string(),
      release: text("Release of the gateway's program."),
      configuration: text("Fingerprint of the configuration that runs."),
      file: text(
        "Fingerprint of the configuration file; another than what runs is told in `open`.",
      ),
      since: ms("Since when it has been running"),
      clock: z.enum(["synced", "corrected", "unsynced"]),
      timeSource: maybe(z.string()).describe("Who tells the time in place of the clock, or null."),
    }),
    site: z.object({
      name: maybe(z.string()),
      asset: maybe(z.string()).describe("Asset code."),
      cim: maybe(z.string()).describe("CIM object code."),
      position: maybe(z.array(z.number())).describe("WGS-84 latitude and longitude, in degrees."),
    }),
    devices: z.array(device),
    searches: z.array(search).describe("Empty where none was asked for."),
    buses: z.array(bus),
    points: z.array(point),
    alarms: z.array(alarm),
    interlocks: z.array(interlock),
    secrets: maybe(
      z.object({ protection: z.enum(PROTECTIONS), lift: maybe(z.enum(PROTECTION_LIFTS)) }),
    )
      .optional()
      .describe(
        "How the least protected of its secrets is kept, and what would better that; null where it has none. Left out by releases of before.",
      ),
    storedFrom: maybe(z.int()).describe("The time of the first event that is stored, or null."),
    buffer: z.object({
      ok: z.boolean().describe("Whether nothing is damaged."),
      messages: z.int(),
      readings: z.int(),
      events: z.int(),
      findings: count("How many places are damaged."),
      chain: z
        .object({ ok: z.boolean(), events: z.int(), last: z.int() })
        .describe("The hash-chained log of interlocks and documents: whole, how many, the last."),
    }),
    destinations: z.array(destination),
    photos: z.array(
      z.object({ file: text("Name, without its folder."), bytes: z.int(), sha256: digest }),
    ),
    remarks: z.string(),
    signatures: z.array(
      z.object({ role: z.enum(["installer", "owner"]), name: text("As it was typed, or empty.") }),
    ),
    open: z
      .array(z.object({ code: z.enum(OPEN_CODES), subject: text("What it is about.") }))
      .describe("What is not as it should be."),
  })
  .meta({ title: "commissioning" });

/** A record of a hand-over; plain data. */
export type Commissioning = z.output<typeof commissioningRecord>;

/** The JSON Schema of records of hand-overs. */
export function commissioningSchema(): object {
  return z.toJSONSchema(commissioningRecord, { io: "output" });
}
