/** What a gateway answered to a signed command, on `results`. */
export type Answer = {
  /** The command's id; null where it was not taken. */
  readonly id: string | null;
  /** The digest of what was sent; null where it was taken. */
  readonly digest: string | null;
  readonly outcome: "done" | "refused" | "failed" | "unknown";
  readonly code: string | null;
};

const OUTCOMES = ["done", "refused", "failed", "unknown"] as const;
/** The answer in `payload`; null where it is none. */
export function answerIn(payload: Uint8Array): Answer | null {
  const fields = jsonIn(payload);
  const outcome = OUTCOMES.find((each) => each === fields?.outcome);
  if (fields === null || outcome === undefined) return null;
  const { id, digest, code } = fields;
  return { id: textIn(id), digest: textIn(digest), outcome, code: textIn(code) };
}

function textIn(value: unknown): string | null {
  return typeof value === "string" && value.length <= 200 ? value : null;
}

function jsonIn(payload: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString());
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
