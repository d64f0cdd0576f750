import { z } from "zod";
import { moment } from "./parts.ts";

const why = z.object({
  code: z.string().nullable().describe("a code of the error table"),
  reason: z.string().nullable(),
});

/** `lifeline update install`, `download`, `commit`, `rollback` and `run`. */
export const brought = z.object({
  version: z.string().nullable(),
  outcome: z.enum([
    "installed",
    "current",
    "waiting",
    "on-trial",
    "next-start",
    "dry-run",
    "committed",
    "rolled-back",
    "nothing",
  ]),
  why: why.nullable().optional().describe("why it waits, or would"),
});

/** `lifeline update config FILE`. */
export const configured = z.object({
  file: z.string(),
  outcome: z.enum(["kept", "reverted", "trial", "same", "dry-run"]),
  cause: z.string().nullable().describe("why it was kept or put back"),
});

/** `lifeline update check`. */
export const published = z.object({
  version: z.string(),
  counter: z.int(),
  isCurrent: z.boolean().describe("it runs"),
  isNewer: z.boolean().describe("than what runs"),
  isInstalled: z.boolean(),
  bytesMax: z.int().describe("the most that is to be fetched"),
  freshUntil: z.string().describe("until when this is known to be current, as signed"),
  changes: z.string(),
});

/** `lifeline update status`. */
export const installed = z.object({
  root: z.string(),
  current: z.string().nullable().describe("what is started"),
  previous: z.string().nullable().describe("what would be gone back to"),
  trial: z
    .object({
      candidate: z.string(),
      previous: z.string(),
      counter: z.int().nullable(),
      tries: z.int(),
      command: z.string().nullable().describe("the id of the command that ordered it"),
    })
    .nullable(),
  releases: z.array(
    z.object({
      version: z.string(),
      counter: z.int(),
      channel: z.string(),
      runtime: z.string().nullable(),
    }),
  ),
  order: z
    .object({
      v: z.literal(1),
      release: z.string().nullable(),
      by: z.string(),
      notBefore: moment.nullable(),
      until: moment.nullable(),
      command: z.object({ key: z.string(), nonce: z.string() }).nullable(),
    })
    .nullable(),
  progress: z
    .object({
      at: moment,
      step: z.enum(["looking", "fetching", "installing", "waiting", "trial", "done", "failed"]),
      release: z.string().nullable(),
      code: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable()
    .describe("what was done last"),
});

/** `lifeline update history`. */
export const history = z.object({
  lines: z.array(
    z.object({
      at: moment,
      boot: z.string(),
      step: z.enum(["installed", "activated", "tried", "committed", "rolled-back", "refused"]),
      release: z.string(),
      from: z.string().nullable(),
      reason: z.string().nullable(),
      command: z.string().nullable(),
      note: z.string().optional().describe("what somebody at the box said of it"),
    }),
  ),
});

/** `lifeline update preflight`. */
export const preflight = z.object({ release: z.string(), gateway: z.string() });
