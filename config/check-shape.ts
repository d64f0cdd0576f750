import type { z } from "zod";
import type { CodedIssue } from "./fields.ts";
import { decodeIssue } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { kindsOfKey } from "./kinds-of-key.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problems.ts";

/** A place whose form is wrong. */
export type Misfit = {
  readonly path: Path;
  /** Whether it is a key that is unknown, so that any key beside it may be meant. */
  readonly unknownKey: boolean;
};

/** Parses `root` with `schema`, notes every misfit in `findings`, and returns where they are. */
export function checkShape(
  schema: z.ZodType,
  root: unknown,
  findings: Findings,
): readonly Misfit[] {
  const result = schema.safeParse(root);
  if (result.success) return [];
  return distinct(result.error.issues).flatMap((issue): readonly Misfit[] => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    switch (issue.code) {
      case "unrecognized_keys":
        for (const key of issue.keys) {
          const kinds = kindsOfKey(schema, path, key);
          noteUnknownKey([...path, key], decodeIssue(issue.message), kinds, findings);
        }
        return issue.keys.map((key) => ({ path: [...path, key], unknownKey: true }));
      case "invalid_key":
        note(decodeIssue(issue.issues[0]?.message ?? issue.message), path, findings, true);
        return [{ path, unknownKey: false }];
      default:
        note(decodeIssue(issue.message), path, findings, false);
        return [{ path, unknownKey: false }];
    }
  });
}

/** zod also measures the length of a list where a text was wanted, and finds the same fault. */
function distinct(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const seen = new Set<string>();
  return issues.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

/** `kinds` know the key, but the section is of another kind. */
function noteUnknownKey(
  path: Path,
  [code, params]: CodedIssue,
  kinds: readonly string[],
  findings: Findings,
): void {
  if (code !== "unknown-key") return;
  const { allowed } = params;
  if (kinds.length > 0) findings.add("key-of-other-kind", { kinds, allowed }, path, "key");
  else findings.add(code, { allowed, nearest: nearest(String(path.at(-1)), allowed) }, path, "key");
}

function note([code, params]: CodedIssue, path: Path, findings: Findings, key: boolean): void {
  findings.add(code, params, path, key ? "key" : "value");
}
