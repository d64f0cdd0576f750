import type { Before } from "./judge.ts";

/** What did well, as it is left for the next release. */
export function beforeText(before: Before): string {
  return `${JSON.stringify({ v: 1, ...before })}\n`;
}

/** What the release before left in `text`; null where it left nothing that can be read. */
export function beforeIn(text: string | null): Before | null {
  try {
    const found = JSON.parse(text ?? "") as Readonly<Record<string, unknown>> | null;
    const { v, buses, destinations, isStoring } = found ?? {};
    if (v !== 1 || !areNames(buses) || !areNames(destinations)) return null;
    return { buses, destinations, isStoring: isStoring === true };
  } catch {
    return null;
  }
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
