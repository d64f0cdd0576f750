import type { Text } from "../edge/core/errors.ts";

/** Whether the gateway refuses the file, or takes it and warns. */
export type ProblemSeverity = "error" | "warning";

/** One row of the catalogue: how grave it is, and what to say. */
export type ProblemEntry<Params> = {
  readonly severity: ProblemSeverity;
  readonly text: (params: Params) => Text;
};

/** A row of the catalogue. */
export function entry<Params = null>(
  severity: ProblemSeverity,
  text: (params: Params) => Text,
): ProblemEntry<Params> {
  return { severity, text };
}

/** "Did you mean …?" with a space before it in English, or nothing. */
export function nearestText(nearest: string | null): Text {
  if (nearest === null) return { en: "", "zh-CN": "" };
  return { en: ` Did you mean '${nearest}'?`, "zh-CN": `是否想写“${nearest}”？` };
}

/** The names that there are, at most 12 of them, or that there are none. */
export function knownText(known: readonly string[]): Text {
  if (known.length === 0) return { en: "There are none.", "zh-CN": "目前一个也没有。" };
  const shown = known.slice(0, 12);
  const more = known.length - shown.length;
  return {
    en: `Known: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
    "zh-CN": `已有：${shown.join("、")}${more > 0 ? ` 等 ${known.length} 个` : ""}。`,
  };
}
