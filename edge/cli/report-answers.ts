import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { type Lang, messageOf } from "../core/errors.ts";
import {
  isTolerance,
  type LiveReading,
  referenceIn,
  type TypedReference,
} from "../papers/reference-reading.ts";
import { fileTrouble } from "./file-trouble.ts";
import { sayReport } from "./report-text.ts";

/** What was answered of a point: its reference, null where there is none; and what was there then. */
export type ReferenceAnswer = {
  readonly typed: TypedReference | null;
  readonly live: LiveReading | null;
};

/** What was answered so far for the record of a hand-over; null: not asked yet. */
export type Answers = {
  readonly installer: string | null;
  readonly owner: string | null;
  readonly remarks: string | null;
  readonly photos: readonly string[] | null;
  /** How far a value may be from its reference where that is not said with it; null: the usual. */
  readonly tolerance: string | null;
  /** By the ids of the points. */
  readonly references: ReadonlyMap<string, ReferenceAnswer>;
};

/** Nothing was asked yet. */
export const NO_ANSWERS: Answers = {
  installer: null,
  owner: null,
  remarks: null,
  photos: null,
  tolerance: null,
  references: new Map(),
};

/** What stands for a point of which there is no reference. */
const NONE = "none";

const tolerance = z.union([z.number(), z.string()]).transform(String).refine(isTolerance, {
  error: "badTolerance",
});

const whole = z.strictObject({
  value: z.union([z.number(), z.boolean()]),
  tolerance: tolerance.optional(),
  read: z.union([z.number(), z.boolean(), z.string(), z.null()]).optional(),
  quality: z.string().optional(),
  at: z.int().optional(),
});

const short = z.union([z.number(), z.boolean(), z.string()]).transform((typed, context) => {
  if (typed === NONE) return null;
  const reference = referenceIn(String(typed));
  if (reference === null) {
    context.addIssue("badReference");
  }
  return reference;
});

const file = z.strictObject({
  installer: z.string().max(100).optional(),
  owner: z.string().max(100).optional(),
  remarks: z.string().max(4000).optional(),
  photos: z.array(z.string()).max(200).optional(),
  tolerance: tolerance.optional(),
  references: z.record(z.string(), z.union([whole, short])).optional(),
});

/**
 * The answers in `path`; none where there is no such file. What is wrong with them is said in
 * `mistake`.
 */
export function readAnswers(path: string, lang: Lang): Answers | { readonly mistake: string } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_ANSWERS;
    return { mistake: fileTrouble(error, lang) };
  }
  try {
    const read = file.safeParse(parse(text) ?? {});
    if (!read.success) return { mistake: mistakesIn(read.error, lang) };
    const { references = {}, ...rest } = read.data;
    const { installer = null, owner = null, remarks = null, photos = null } = rest;
    const entries = Object.entries(references).map(
      ([point, answer]) => [point, answerOf(answer)] as const,
    );
    const usual = rest.tolerance ?? null;
    return { installer, owner, remarks, photos, tolerance: usual, references: new Map(entries) };
  } catch (error) {
    return { mistake: messageOf(error) };
  }
}

/** Keeps `answers` in `path`; a crash leaves the file as it was or as it is to be. */
export function keepAnswers(path: string, answers: Answers): void {
  const references = Object.fromEntries(
    Array.from(answers.references, ([point, answer]) => [point, entryOf(answer)]),
  );
  const given = Object.entries({ ...answers, references }).filter(([, value]) => value !== null);
  writeFileSync(`${path}.part`, stringify(Object.fromEntries(given)), { flush: true });
  renameSync(`${path}.part`, path);
}

function answerOf(answer: z.output<typeof whole> | TypedReference | null): ReferenceAnswer {
  if (answer === null) return { typed: null, live: null };
  const typed = { value: answer.value, tolerance: answer.tolerance ?? null };
  if (!("at" in answer) || answer.at === undefined) return { typed, live: null };
  const { read = null, quality = "", at } = answer;
  return { typed, live: { value: read, quality, at } };
}

function entryOf({ typed, live }: ReferenceAnswer): unknown {
  if (typed === null) return NONE;
  const { value, tolerance: range } = typed;
  const read = typeof live?.value === "bigint" ? Number(live.value) : live?.value;
  return {
    value,
    ...(range !== null && { tolerance: range }),
    ...(live !== null && { read, quality: live.quality, at: live.at }),
  };
}

/** The first mistakes, each with its place. */
function mistakesIn({ issues }: z.ZodError, lang: Lang): string {
  return issues
    .slice(0, 3)
    .map((issue) => {
      const within = issue.code === "invalid_union" ? issue.errors.flat() : [];
      const first = within.find(({ message }) => isOwn(message)) ?? within[0];
      const place = [...issue.path, ...(first?.path ?? [])].join(".");
      const { message } = first ?? issue;
      return `${place}: ${isOwn(message) ? sayReport(lang, message) : message}`;
    })
    .join("; ");
}

function isOwn(message: string): message is "badTolerance" | "badReference" {
  return message === "badTolerance" || message === "badReference";
}
