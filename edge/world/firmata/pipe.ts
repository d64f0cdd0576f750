import type { BoardAnswer, BoardFault } from "../../core/board.ts";

/**
 * What the process that reads a board tells, one object of JSON a line; `at` is CLOCK_MONOTONIC in
 * milliseconds.
 *
 * - `ready`: the board has said who it is, and is read from now on
 * - `alive`: the process still runs
 * - `answer`: what came of the order with that number
 * - `lost`: the process ends, and why
 */
export type ChildLine =
  | { readonly kind: "ready"; readonly firmware: string }
  | { readonly kind: "alive" }
  | { readonly kind: "answer"; readonly id: number; readonly answer: BoardAnswer }
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

/**
 * What the gateway wants of an output, one object of JSON a line: to be at `level`, or only to be
 * looked at (null). From `by` on, by the same clock, it is not carried out any more.
 */
export type OrderLine = {
  readonly id: number;
  readonly source: string;
  readonly level: number | null;
  readonly by: number;
};

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
    case "answer":
      return isAnswer(told) ? (line as ChildLine) : null;
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

function isAnswer({ id, answer }: Partial<Record<string, unknown>>): boolean {
  if (!Number.isInteger(id) || typeof answer !== "object" || answer === null) return false;
  const { kind, level, fault } = answer as Partial<Record<string, unknown>>;
  return kind === "level" ? Number.isFinite(level) : kind === "none" && typeof fault === "string";
}

function isTimed({ source, at }: Partial<Record<string, unknown>>): boolean {
  return typeof source === "string" && Number.isFinite(at);
}
