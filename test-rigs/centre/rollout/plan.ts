import { z } from "zod";

const MINUTE_MS = 60_000;
/** The longest soak and deadline, in milliseconds: a month. */
const TIME_MAX_MS = 31 * 24 * 60 * MINUTE_MS;

const ms = z.int().min(0).max(TIME_MAX_MS);
const percent = z.number().min(0).max(100);
const name = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

const ring = z.strictObject({
  /** The share of the fleet that has had its turn when this ring is through, 0 to 100. */
  upTo: percent,
  /** The most gateways that may be amid the update at once. */
  wave: z.int().min(1).max(100_000),
  /** The most that may be ordered while this ring has its turn; null: all of it. */
  most: z.int().min(1).nullable().default(null),
  /** So many percent of the ring may fail; one more stops the rollout. */
  maxFailurePercent: percent,
  /** So many percent of the ring may be silent at once, having been ordered. */
  maxDarkPercent: percent,
  /** So many percent of the ring must have proved the release before the next has its turn. */
  leastProvedPercent: percent.default(80),
  /** So long the ring is looked at after its last change before the next has its turn. */
  soakMs: ms,
  /** A gateway that has not proved the release so long after its order has failed. */
  deadlineMs: ms.min(MINUTE_MS),
});

/** What a rollout is to be, as a person writes it; times in milliseconds, shares in percent. */
export const planSchema = z.strictObject({
  /** What it is called. Part of what its orders are called: no two rollouts share it. */
  id: name,
  release: z.string().regex(/^[A-Za-z0-9.+-]{1,64}$/),
  /** The release's counter: gateways that have proved a higher one are left alone. */
  counter: z.int().min(1),
  hardware: name,
  channel: name,
  /** Gateways of the first ring, whatever their share. */
  canaries: z.array(name).max(1_000).default([]),
  /** A gateway that went silent after its order is dark from so long on. */
  darkAfterMs: ms.min(1).default(15 * MINUTE_MS),
  /** So long an order is good; after that it is sent anew, as the same one. */
  orderLifeMs: ms
    .min(MINUTE_MS)
    .max(24 * 60 * MINUTE_MS)
    .default(10 * MINUTE_MS),
  rings: z
    .array(ring)
    .min(1)
    .max(20)
    .refine((rings) => rings.every(({ upTo }, i) => upTo >= (rings[i - 1]?.upTo ?? 0)), {
      message: "each ring must reach at least as far as the one before",
    })
    .refine((rings) => rings.at(-1)?.upTo === 100, { message: "the last ring must reach 100" }),
});

/** What a rollout is to be. */
export type Plan = Readonly<Omit<z.output<typeof planSchema>, "rings" | "canaries">> & {
  readonly rings: readonly Ring[];
  readonly canaries: readonly string[];
};

/** One ring of it. */
export type Ring = Readonly<z.output<typeof ring>>;

/** The plan in `value`, or what is wrong with it, one line each. */
export function readPlan(value: unknown): Plan | readonly string[] {
  const read = planSchema.safeParse(value);
  if (read.success) return read.data;
  return read.error.issues.map(({ path, message }) => `${path.join(".") || "plan"}: ${message}`);
}
