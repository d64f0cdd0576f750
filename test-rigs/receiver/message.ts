import { z } from "zod";

/** A value as it stands in a message; integers beyond 2^53 come as bigint. */
export type ReceivedValue = number | bigint | boolean | string | null;

const value = z.union([z.number(), z.bigint(), z.boolean(), z.string(), z.null()]);
const seq = z.int().min(1);
const clock = z.enum(["synced", "corrected", "unsynced"]);
const head = { v: z.literal(1), gateway: z.string().min(1) };
/** Where the times lie for certain, of a message that is `unsynced`. */
const between = z.tuple([z.number(), z.number()]).optional();
const numbered = { ...head, stream: z.string().min(1), seq, clock, at: z.number(), between };

const COLUMNS = ["t", "v", "q", "min", "max", "mean", "n"] as const;

const numbers = z.array(z.number().nullable()).optional();
/** Of a series that was thinned, one reading a window of so many milliseconds. */
const thinned = {
  window: z.int().min(1).optional(),
  min: numbers,
  max: numbers,
  mean: numbers,
  n: z.array(z.int().min(0)).optional(),
};

const series = z
  .object({
    point: z.string().min(1),
    unit: z.string().optional(),
    t: z.array(z.number().min(0)),
    v: z.array(value),
    q: z.array(z.string()).optional(),
    ...thinned,
  })
  .refine((all) => COLUMNS.every((name) => (all[name] ?? all.t).length === all.t.length), {
    message: `${COLUMNS.join(", ")} are not equally long`,
  })
  .refine(({ window, min, max, mean, n }) => {
    return [min, max, mean, n].every((column) => (column === undefined) === (window === undefined));
  }, "a thinned series has window, min, max, mean and n")
  .transform(({ unit = null, q = null, ...rest }) => ({ ...rest, unit, q }));

const readings = z.object({ ...numbered, series: z.array(series) });

const alarmStates = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returned-unacknowledged",
  "latched-unacknowledged",
  "latched-acknowledged",
  "shelved",
  "suppressed",
  "out-of-service",
] as const;

const alarm = z.object({
  alarm: z.string(),
  point: z.string(),
  from: z.enum(alarmStates),
  to: z.enum(alarmStates),
  severity: z.enum(["blue", "yellow", "orange", "red"]),
  value,
  setpoint: value,
  cause: z.string(),
  who: z.string().optional(),
  reason: z.string().optional(),
  active: z.boolean().optional(),
  first: z.literal(true).optional(),
  until: z.number().optional(),
});

/**
 * `point` is `device.point`, `bus/unit/area/address` of what was written by address, or
 * `bus/unit/pdu` of any other request that may have changed the device: `value` is that in hex.
 */
const write = z.object({
  point: z.string().regex(/^[^./]+\.[^/]+$|^[^/]+\/\d+\/((coil|holding)\/\d+|pdu)$/),
  unit: z.string().nullable(),
  old: value,
  value,
  outcome: z.enum(["done", "not-done", "unknown"]),
  cause: z.string(),
  who: z.string().min(1),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const interlock = z.object({
  interlock: z.string().min(1),
  point: z.string().min(1),
  from: z.string().min(1),
  to: z.string().min(1),
  cause: z.string().min(1),
  by: z.string().nullable(),
  trip: z
    .string()
    .regex(/^[^/]+\/[1-9]\d*$/)
    .nullable(),
  value,
  readBack: value,
  unit: z.string().nullable(),
  reason: z.string().optional(),
  attempts: z.int().min(0).optional(),
  who: z.string().optional(),
  until: z.number().optional(),
  note: z.string().optional(),
  chain: z.object({ n: z.int().min(1), previous: sha256, hash: sha256 }),
});

const event = z.object({ ...numbered, kind: z.string() });

/** Only the will, which says offline, may leave `since` out. */
const status = z.discriminatedUnion("state", [
  z.object({ ...head, state: z.literal("online"), since: z.number() }),
  z.object({ ...head, state: z.literal("offline"), since: z.number().optional() }),
]);

/** A message of the topics `readings` and `backlog`. */
export type ReadingsMessage = z.output<typeof readings> & {
  readonly kind: "readings";
  readonly topic: "readings" | "backlog";
};

/**
 * A message of the topic `events`; `alarm`, `write` and `interlock` are null where it is not about
 * one.
 */
export type EventMessage = Omit<z.output<typeof event>, "kind"> & {
  readonly kind: "events";
  readonly alarm: z.output<typeof alarm> | null;
  readonly write: z.output<typeof write> | null;
  readonly interlock: z.output<typeof interlock> | null;
};

/** A message of the topic `status`. */
export type StatusMessage = z.output<typeof status> & { readonly kind: "status" };

/** A message of contract v1. */
export type Message = ReadingsMessage | EventMessage | StatusMessage;

/** A message, or why it is none. */
export type Parsed =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "invalid"; readonly why: string };

const TOPIC = /^lifeline\/v1\/([^/]+)\/(readings|backlog|events|status)$/;

/** Reads a message of contract v1. */
export function parseMessage(topic: string, payload: Uint8Array): Parsed {
  const [, gateway, name] = TOPIC.exec(topic) ?? [];
  if (gateway === undefined) return { kind: "invalid", why: `no topic of contract v1: ${topic}` };
  try {
    const message = messageOf(name ?? "", parseJson(payload));
    if (message.gateway === gateway) return { kind: "message", message };
    return { kind: "invalid", why: `${topic} carries a message of ${message.gateway}` };
  } catch (error) {
    if (error instanceof z.ZodError) return { kind: "invalid", why: z.prettifyError(error) };
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return { kind: "invalid", why: error.message };
    }
    throw error;
  }
}

function messageOf(topic: string, content: unknown): Message {
  switch (topic) {
    case "readings":
    case "backlog":
      return { ...readings.parse(content), kind: "readings", topic };
    case "events": {
      const known = event.parse(content);
      return {
        ...known,
        kind: "events",
        alarm: known.kind === "alarm" ? alarm.parse(content) : null,
        write: known.kind === "write" ? write.parse(content) : null,
        interlock: known.kind === "interlock" ? interlock.parse(content) : null,
      };
    }
    default:
      return { ...status.parse(content), kind: "status" };
  }
}

type Source = { readonly source: string };

/** JSON with whole numbers beyond 2^53 kept exact. Throws SyntaxError or, on bad UTF-8, TypeError. */
function parseJson(payload: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
  const keepDigits = (_: string, part: unknown, context?: Source): unknown => {
    const isRounded = typeof part === "number" && !Number.isSafeInteger(part);
    return isRounded && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context!.source) : part;
  };
  return JSON.parse(text, keepDigits);
}
