import type { WallMs } from "../core/time.ts";
import type { Before } from "./judge.ts";

/** Longer ago it says nothing of now, in milliseconds. */
const AGE_MAX_MS = 24 * 3_600_000;

/** What did well at `at`, as it is left for the next release. */
export function beforeText(before: Before, at: WallMs): string {
  return `${JSON.stringify({ v: 1, at, ...before })}\n`;
}

/**
 * What the release before left in `text`; null where it left nothing that can be read, or left it so long
 * before `now` that a line may have died since.
 */
export function beforeIn(text: string | null, now: WallMs): Before | null {
  try {
    const found = JSON.parse(text ?? "") as Readonly<Record<string, unknown>> | null;
    const { v, at, buses, destinations, isStoring } = found ?? {};
    if (typeof at !== "number" || Math.abs(now - at) > AGE_MAX_MS) return null;
    if (v !== 1 || !areNames(buses) || !areNames(destinations)) return null;
    return { buses, destinations, isStoring: isStoring === true };
  } catch {
    return null;
  }
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
