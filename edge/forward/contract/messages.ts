import { z } from "zod";
import { ALARM_STATES, SEVERITIES } from "../../core/alarm.ts";
import type { AlarmCause } from "../../core/event.ts";
import type { InterlockStateName } from "../../core/interlock.ts";

/*
 * What platforms receive, contract v1, as schemas: for the documents that are made of them and for
 * tests. A running gateway writes messages (mqtt-json.ts) and loads none of this.
 */

const ms = (what: string) => z.number().describe(`${what}, in Unix milliseconds.`);
const said = (what: string) => z.string().min(1).describe(what);
/** A number, a truth value or a text; JSON numbers may be whole ones beyond 2^53. */
const known = z.union([z.number(), z.boolean(), z.string()]);
const value = (what: string) => z.union([known, z.null()]).describe(what);
const unit = z.union([z.string(), z.null()]).describe("UCUM code, or null.");

const sender = {
  v: z.literal(1).describe("Version of the contract."),
  gateway: said("Which gateway sent it, as in the topic."),
};

const numbered = {
  ...sender,
  stream: said(
    "Together with `gateway` and `seq` the key of the message: the same key is always the same bytes. New only when the gateway's buffer is.",
  ),
  seq: z.int().min(1).describe("From 1 without a gap within the stream, in the order of storing."),
  clock: z
    .enum(["synced", "corrected", "unsynced"])
    .describe(
      "`corrected`: acquired before the time was known, and corrected since. `unsynced`: the time was never known.",
    ),
  at: ms("Time of acquisition, or of the event"),
  between: z
    .tuple([ms("Not before"), ms("Not after")])
    .optional()
    .describe("Where the time lies for certain, where `clock` is `unsynced` and that is known."),
};

const quality = z
  .string()
  .regex(/^(good|(uncertain|bad):[a-z-]+(:\d+)?)$/)
  .describe("`good`, or `uncertain` or `bad` with a colon and the reason.");
const figures = (what: string) =>
  z
    .array(z.union([z.number(), z.null()]))
    .optional()
    .describe(`${what} of each window; null where no good reading was a number.`);

const series = z
  .object({
    point: said("`device.point`."),
    unit: z.string().optional().describe("UCUM code; left out where the point has none."),
    t: z.array(z.number().min(0)).describe("Milliseconds after `at`, one a reading."),
    v: z
      .array(z.union([known, z.null()]))
      .describe("The values; null where the value is not known, never the last one again."),
    q: z.array(quality).optional().describe("The qualities; left out where all are good."),
    window: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Only where readings were thinned: length of a window in milliseconds, which begins at a multiple of it. Each reading is then the last good one of its window.",
      ),
    min: figures("The least value"),
    max: figures("The greatest value"),
    mean: figures("The mean, to seven digits,"),
    n: z.array(z.int().min(0)).optional().describe("How many good readings each window had."),
  })
  .meta({ title: "series" });

/** A message of `readings`, and of `backlog`: what was stored through an outage. */
export const readingsMessage = z
  .object({
    ...numbered,
    series: z.array(series).describe("One entry a point; all columns equally long."),
  })
  .meta({ title: "readings" });

const ALARM_CAUSES = [
  ...(["high", "low", "equal", "deviation", "rate", "bad", "silent"] as const),
  ...(["expression", "vote", "returned", "acknowledged", "reset"] as const),
  ...(["shelved", "unshelved", "shelf-over", "suppressed", "unsuppressed"] as const),
  ...(["out-of-service", "in-service", "realarm", "configuration"] as const),
] as const satisfies readonly AlarmCause[];

/** An event about an alarm. */
export const alarmEvent = z
  .object({
    ...numbered,
    kind: z.literal("alarm"),
    alarm: said("Name of the alarm."),
    point: said("The point it is judged by, or shown with."),
    from: z.enum(ALARM_STATES).describe("State before (ISA-18.2)."),
    to: z.enum(ALARM_STATES).describe("State now."),
    severity: z.enum(SEVERITIES).describe("The four levels of warning, red the gravest."),
    value: value("What caused it; null where no reading did."),
    unit,
    setpoint: value("What the value is judged by; null where a condition has none."),
    cause: z.enum(ALARM_CAUSES).describe("The condition that came, or why else it moved."),
    who: z.string().optional().describe("Who acted."),
    reason: z.string().optional().describe("Why, in the words of who acted."),
    active: z
      .boolean()
      .optional()
      .describe("Whether the condition is present, where `to` does not tell."),
    first: z.literal(true).optional().describe("Raised while no other alarm of its group stood."),
    until: ms("Until when it is shelved, or out of service, at the latest").optional(),
  })
  .meta({ title: "alarm" });

/** An event about a part of the gateway. */
export const gatewayEvent = z
  .object({
    ...numbered,
    kind: z.enum(["gateway", "bus", "device", "buffer", "destination", "command"]),
    subject: said(
      "Name of the gateway, bus, device or destination; `buffer`; of a command its key.",
    ),
    from: said("What it was."),
    to: said("What it is."),
    cause: said("A code of the error table, or the reason of a quality."),
    detail: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .optional()
      .describe(
        "Numbers that explain it. Of `buffer`: `stream`, `fromSeq`, `toSeq` and, where there are holes, `seqs` say which messages will never come, and `into` what came in their place.",
      ),
  })
  .meta({ title: "gateway" });

/** An event about a value that was written, or a request that may have changed a device. */
export const writeEvent = z
  .object({
    ...numbered,
    kind: z.literal("write"),
    point: said(
      "`device.point`; `bus/unit/area/address`; or `bus/unit/pdu`, whose `value` is hex.",
    ),
    unit,
    old: value("What was there before; null where it could not be read."),
    value: known.describe("What was to be written."),
    outcome: z.enum(["done", "not-done", "unknown"]).describe("`unknown`: it may have been done."),
    cause: said(
      "`confirmed` by the device; `repeated`: it came back, from the device or as the line's echo; or why it is not known to be done.",
    ),
    who: said("Who gave the command."),
  })
  .meta({ title: "write" });

const STATES = [
  ...(["idle", "blocked", "tripping", "tripped", "holding", "releasing"] as const),
  ...(["held", "spent", "not-obeying", "overridden", "testing", "resuming"] as const),
] as const satisfies readonly InterlockStateName[];
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const chain = z
  .object({
    n: z.int().min(1).describe("From 1, without a gap."),
    previous: sha256.describe("The hash of the one before."),
    hash: sha256.describe("SHA-256 of the canonical form."),
  })
  .describe("Links it to the one before: what was changed or taken out afterwards shows.");

/** An event about an interlock. */
export const interlockEvent = z
  .object({
    ...numbered,
    kind: z.literal("interlock"),
    interlock: said("Name of the interlock."),
    point: said("The output, `device.point`."),
    from: z.enum(STATES).describe("State before."),
    to: z.enum(STATES).describe("State now; equal where only something is told of it."),
    cause: said("Why."),
    by: z.union([z.string(), z.null()]).describe("The alarm, or the point, that asks for it."),
    trip: z
      .union([z.string(), z.null()])
      .describe("Key of the trip: the same one never acts twice."),
    value: value("What the output was told to be; null where it was told nothing."),
    readBack: value("What was read back of it; null where that is not known."),
    unit,
    reason: z.string().optional().describe("Why the output could not be told."),
    attempts: z.int().min(0).optional().describe("How often the output was told."),
    who: z.string().optional().describe("Who acted."),
    until: ms("Until when that holds").optional(),
    note: z.string().optional().describe("Why, in the words of who acted."),
    chain,
  })
  .meta({ title: "interlock" });

/** An event about a document that was made. */
export const documentEvent = z
  .object({
    ...numbered,
    kind: z.literal("document"),
    document: z.enum(["commissioning", "calibration"]).describe("What it is about."),
    number: said("Its number, as it stands on it."),
    sha256: z
      .object({ json: sha256, pdf: sha256 })
      .describe("SHA-256 of the bytes of its files: whether a copy is the one that was made."),
    who: said("Who made it."),
    chain,
  })
  .meta({ title: "document" });

/** A message of `events`: one event. */
export const eventMessage = z
  .union([alarmEvent, gatewayEvent, writeEvent, interlockEvent, documentEvent])
  .meta({ title: "event" });

/** A message of `commands`: what a gateway is told. */
export const commandMessage = z
  .object({
    v: z.literal(1).describe("Version of the protocol of commands."),
    key: said("Name of the key that signed it, as under `commands.keys` of the gateway."),
    payload: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/)
      .describe("What is ordered: JSON, in base64url without padding."),
    signature: z
      .string()
      .regex(/^[A-Za-z0-9_-]{86}$/)
      .describe(
        "Ed25519 over the text `lifeline/command/v1`, a line feed, and `payload` as it stands.",
      ),
  })
  .meta({ title: "command" });

/** A message of `results`: what became of a command. */
export const resultMessage = z
  .object({
    ...sender,
    id: said("Of the command; left out where nobody is known to have signed it.").optional(),
    key: said("Who signed it.").optional(),
    counter: z.int().min(1).optional().describe("Its counter."),
    order: said("The kind of its order.").optional(),
    stage: z
      .enum(["accepted", "outcome"])
      .optional()
      .describe(
        "Where a command has two results: that it was accepted, and what it came to. Left out where it has one.",
      ),
    digest: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional()
      .describe("In place of these: first digits of the SHA-256 of what came."),
    at: ms("When it ended"),
    clock: z.enum(["synced", "corrected", "unsynced"]),
    outcome: z
      .enum(["done", "refused", "failed", "unknown"])
      .describe("`refused`: nothing was done. `unknown`: it may have been done."),
    code: said("Why it is not done, a code of the error table.").optional(),
    detail: said("The same for people.").optional(),
    result: z.unknown().optional().describe("What there is to tell: readings, what was written."),
    cut: z.literal(true).optional().describe("`result` was left out, as it was too long."),
  })
  .meta({ title: "result" });

/** A message of `status`, retained; said by the gateway, or by the broker as its will. */
export const statusMessage = z
  .object({
    ...sender,
    state: z.enum(["online", "offline"]),
    since: ms("Since when; left out where the broker says it in place of the gateway").optional(),
    release: said("Release of the gateway's program."),
    configuration: said("Fingerprint of its configuration."),
    proof: z
      .string()
      .max(4096)
      .optional()
      .describe(
        "The release as the gateway signs it with the key of its certificate: compact JWS (RFC 7515), ES256. While online, where it has an identity.",
      ),
  })
  .meta({ title: "status" });
