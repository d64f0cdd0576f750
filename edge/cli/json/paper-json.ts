import { z } from "zod";
import { count, moment } from "./parts.ts";

const digest = z.string().describe("SHA-256, 64 hexadecimal digits");
const both = z.object({ json: digest, pdf: digest });

/** `lifeline bundle`. */
export const bundled = z.object({
  file: z.string(),
  bytes: count,
  sha256: digest,
  manifest: z.object({
    v: z.literal(1),
    gateway: z.string().nullable().describe("null where the configuration does not say"),
    release: z.string(),
    at: moment,
    files: z.array(
      z.object({
        name: z.string(),
        bytes: count,
        sha256: digest,
        cut: z.literal(true).optional(),
        note: z.string().optional(),
      }),
    ),
    missing: z.array(z.object({ name: z.string(), why: z.string() })),
  }),
});

/** `lifeline report commissioning`. */
export const handedOver = z.object({
  v: z.literal(1),
  number: z.string(),
  files: z.object({ json: z.string(), pdf: z.string() }).describe("where they are"),
  sha256: both,
  outcome: z.enum(["done", "not-stored", "stopping"]).describe("of recording the digests"),
  open: z.array(z.object({ code: z.string(), subject: z.string() })),
});

/** `lifeline report verify FILE`. */
export const verified = z.object({
  v: z.literal(1),
  file: z.string(),
  sha256: digest,
  ok: z.boolean(),
  verdict: z.enum(["original", "changed", "notRecorded"]),
  form: z.enum(["json", "pdf"]).nullable(),
  document: z.looseObject({ number: z.string(), sha256: both, who: z.string() }).nullable(),
  isWhole: z.boolean().describe("whether the chain of hashes is"),
});

/** `lifeline identify BUS UNIT`. */
export const identified = z.object({
  v: z.literal(1),
  bus: z.string(),
  unit: z.number(),
  rounds: count.describe("how often everything was read"),
  lost: count.describe("reads without an answer"),
  places: z.array(
    z.object({
      area: z.string(),
      address: z.number(),
      hypotheses: z.array(
        z.object({
          type: z.string(),
          order: z.string(),
          registers: z.number(),
          sure: z.number().describe("0 to 1"),
          course: z
            .looseObject({ first: z.number(), last: z.number() })
            .nullable()
            .describe("of the numbers; null for a text"),
          text: z.string().nullable(),
          meaning: z.looseObject({ kind: z.string() }),
        }),
      ),
    }),
  ),
});
