import type { BoardFault } from "../../core/board.ts";

/**
 * What the process that reads a board tells, one object of JSON a line; `at` is CLOCK_MONOTONIC in
 * milliseconds.
 *
 * - `ready`: the board has said who it is, and is read from now on
 * - `alive`: the process still runs
 * - `lost`: the process ends, and why
 */
export type ChildLine =
  | { readonly kind: "ready"; readonly firmware: string }
  | { readonly kind: "alive" }
  | {
      readonly kind: "value";
      readonly source: string;
      readonly value: number;
      readonly at: number;
    }
  | {
      readonly kind: "fault";
      readonly source: string;
      readonly fault: BoardFault;
      readonly at: number;
    }
  | { readonly kind: "lost"; readonly why: string };

/** What a line says; null where it is none of them. */
export function childLine(text: string): ChildLine | null {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof line !== "object" || line === null) return null;
  const told = line as Partial<Record<string, unknown>>;
  switch (told.kind) {
    case "alive":
      return { kind: "alive" };
    case "ready":
      return typeof told.firmware === "string" ? (line as ChildLine) : null;
    case "lost":
      return typeof told.why === "string" ? (line as ChildLine) : null;
    case "value":
      return isTimed(told) && Number.isFinite(told.value) ? (line as ChildLine) : null;
    case "fault":
      return isTimed(told) && typeof told.fault === "string" ? (line as ChildLine) : null;
    default:
      return null;
  }
}

function isTimed({ source, at }: Partial<Record<string, unknown>>): boolean {
  return typeof source === "string" && Number.isFinite(at);
}
