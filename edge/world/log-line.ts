import { toJson } from "../core/json.ts";
import type { LogLevel } from "../world.ts";

/** One thing that the log tells. */
export type LogLine = {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  /** The evidence. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** A line for a person: time, level, text, then the evidence as `name=value`. */
export function textLine({ at, level, text, fields }: LogLine): string {
  const evidence = Object.entries(fields).map(([name, value]) => ` ${name}=${inText(value)}`);
  return `${new Date(at).toISOString()} ${level.padEnd(5)} ${text}${evidence.join("")}`;
}

function inText(value: unknown): string {
  const text = typeof value === "string" ? value : toJson(value);
  return /^[^\s"]+$/.test(text) ? text : toJson(value);
}

/** A line for a program: one JSON object with `time` (ISO 8601), `level`, `text` and `fields`. */
export function jsonLine({ at, level, text, fields }: LogLine): string {
  return toJson({ time: new Date(at).toISOString(), level, text, fields });
}
