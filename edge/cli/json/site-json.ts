import { z } from "zod";
import { both, clock, count, millis, moment, secrets } from "./parts.ts";

/** What every command prints where it fails, is refused or was used wrongly. */
export const failure = z.object({
  error: z.object({
    code: z
      .string()
      .nullable()
      .describe("of the error table, usage or refused; null for an error in the program"),
    meaning: z.string().optional().describe("in the language of the command"),
    message: z.string(),
    advice: z.string(),
  }),
});

/** `lifeline check`, and every command whose configuration cannot be used. */
export const checked = z.object({
  file: z.string(),
  ok: z.boolean().describe("whether it can be used, and every line carries its plan"),
  problems: z.array(
    z.object({
      severity: z.enum(["error", "warning"]),
      code: z.string(),
      file: z.string(),
      line: z.number(),
      column: z.number(),
      path: z.string(),
      message: both,
    }),
  ),
  buses: z.array(
    z.object({
      bus: z.string(),
      line: z.string(),
      behind: z.unknown(),
      inFlight: z.number(),
      verdict: z.string(),
      load: z.number().describe("of the line, 0 to 1 and beyond"),
      loadOneDead: z.number().nullable().describe("likewise, with one device that does not answer"),
      requests: count,
      roundMs: millis,
      maySkip: z.boolean(),
      points: z.array(
        z.object({
          point: z.string(),
          everyMs: millis,
          ageMs: millis.describe("how old it is at the worst"),
          ageOneDeadMs: millis.nullable(),
        }),
      ),
      gaps: z.array(z.unknown()),
      proposal: z.unknown(),
    }),
  ),
  destinations: z.array(
    z.object({
      destination: z.string(),
      points: count,
      everyMs: millis.nullable(),
      leftOut: z.array(z.string()),
    }),
  ),
});

/** `lifeline alarms ack` and the like. */
export const alarmAct = z.object({
  alarm: z.string(),
  outcome: z.string().describe("done, or why not"),
});

/** `lifeline interlock test`, `override`, `release`. */
export const interlockAct = z.looseObject({
  action: z.enum(["test", "override", "release"]),
  interlock: z.string(),
  who: z.string(),
  outcome: z.string(),
  state: z.string(),
});

/** `lifeline config`. */
export const configList = z.object({
  file: z.string(),
  trial: z.unknown(),
  replaced: z.array(z.looseObject({})),
});

/** `lifeline config diff`. */
export const configDiff = z.object({
  from: z.string(),
  to: z.string(),
  differs: z.boolean(),
  patch: z.string(),
});

/** `lifeline command FILE`, `lifeline config rollback` and `confirm`. */
export const carriedOut = z.looseObject({
  outcome: z.string(),
  code: z.string().nullable().optional(),
  detail: z.string().optional(),
});

/** `lifeline command keygen`. */
export const keyPair = z.object({
  name: z.string(),
  private: z.string().describe("the file of the secret key"),
  public: z.string(),
  key: z.string().describe("the public key, as it is written in the configuration"),
});

/** `lifeline run`, one line of its log. */
export const logLine = z.object({
  time: z.string().describe("ISO 8601"),
  level: z.enum(["info", "warn", "error"]),
  text: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

const named = z.object({ code: z.string(), subject: z.string() });

/** `lifeline doctor`. */
export const diagnosis = z.object({
  v: z.literal(1),
  gateway: z.string(),
  at: moment,
  running: z.boolean().describe("whether the gateway answered"),
  secrets: secrets.nullable().describe("how the gateway's keys are protected; null for none"),
  findings: z.array(
    named.extend({
      severity: z.enum(["fault", "warning"]),
      sure: z.enum(["certain", "likely", "possible"]),
      since: moment.nullable(),
      meaning: z.string(),
      evidence: z.array(z.string()),
      cause: z.string(),
      remedy: z.string().describe("what to do"),
      explains: z.array(named).describe("findings that it is the cause of"),
    }),
  ),
});

const calibrationRecord = z.looseObject({
  n: z.number().describe("from 1 without a gap, of its point"),
  kind: z.enum(["adjustment", "check", "reversion"]),
  at: moment,
  clock,
  who: z.string(),
  unit: z.string().nullable(),
  steps: z.array(z.looseObject({})),
  isWithin: z.boolean().describe("whether it was right within the tolerance as it was found"),
});

/** `lifeline calibrate POINT`. */
export const certificate = z.looseObject({
  v: z.literal(1),
  kind: z.literal("calibration"),
  number: z.string(),
  gateway: z.string(),
  point: z.string(),
  record: calibrationRecord,
  validUntil: moment.nullable(),
});

/** `lifeline calibrate POINT --history`. */
export const calibrations = z.object({
  v: z.literal(1),
  point: z.string(),
  records: z.array(calibrationRecord),
});

/** `lifeline fleet`: a list of gateways, versions or rollouts; of one gateway, or an answer. */
export const fleetJson = z.union([
  z.array(z.looseObject({})),
  z.looseObject({ version: z.looseObject({}), audit: z.array(z.looseObject({})) }),
  z.object({ answer: z.string().nullable().describe("done, or why not; null: not seen to yet") }),
]);

/** `lifeline demo`, one line. */
export const demoLine = z.looseObject({ kind: z.enum(["begin", "step", "status", "verdict"]) });

/** `lifeline completion SHELL`. */
export const completionJson = z.object({
  v: z.literal(1),
  shell: z.enum(["bash", "zsh", "fish"]),
  script: z.string(),
});

/** `lifeline completion --words`. */
export const namesJson = z.object({ v: z.literal(1), names: z.array(z.string()) });

/** `lifeline man`. */
export const manJson = z.object({ v: z.literal(1), page: z.string().describe("roff") });
