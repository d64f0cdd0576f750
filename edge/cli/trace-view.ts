import type { Heard } from "../../drivers/modbus/conversation.ts";
import { hexOf, type WireRecord } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { pad } from "./columns.ts";
import { formatValue } from "./format.ts";
import { frameJson } from "./frame-json.ts";
import type { PointValue } from "./point-values.ts";
import { recordSummary } from "./record-view.ts";

/** A record of a bus, understood. */
export type Told = {
  readonly record: WireRecord;
  /** The record's first byte in microseconds since the Unix epoch. */
  readonly atUs: number;
  /** Since the record before, in microseconds; 0 for the first. */
  readonly sinceUs: number;
  readonly frames: readonly (Heard & { readonly points: readonly PointValue[] })[];
};

const MARKS = { sent: ">", received: "<", failure: "!" } as const;

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** Where the second line of a record begins. */
const INDENT = " ".repeat(28);

/** A record for a person: when, which way, every byte; below, what it means and for which points. */
export function recordLines(told: Told, lang: Lang): readonly string[] {
  const { record, atUs, sinceUs, frames } = told;
  const since = pad(`+${(sinceUs / 1000).toFixed(2)} ms`, 12, "right");
  const when = `${CLOCK.format(atUs / 1000)} ${since}`;
  const summary = recordSummary(record, frames, lang);
  if (record.kind === "failure") return [`${when}  ${MARKS.failure} ✗ ${summary}`];
  const points = frames.flatMap((frame) => frame.points).map(pointText);
  return [
    `${when}  ${MARKS[record.kind]} ${hexOf(record.bytes)}`,
    ...(summary === "" ? [] : [INDENT + summary]),
    ...(points.length === 0 ? [] : [INDENT + points.join(", ")]),
  ];
}

function pointText({ point, value, unit, quality }: PointValue): string {
  if (value === null) return `${point} ? (${quality})`;
  return [point, formatValue(value), unit ?? ""].join(" ").trimEnd();
}

/** A record for a program. */
export function recordJson(
  { record, atUs, sinceUs, frames }: Told,
  bus: string,
  lang: Lang,
): object {
  const isFailure = record.kind === "failure";
  return {
    bus,
    at: atUs / 1000,
    sinceUs: Math.round(sinceUs),
    kind: record.kind,
    hex: isFailure ? "" : hexOf(record.bytes),
    reason: isFailure ? record.reason : null,
    faulty: isFaulty({ record, frames }),
    frames: frames.map((frame) => {
      const points = frame.points.map(({ point, value, quality }) => ({ point, value, quality }));
      return { ...frameJson(frame, lang), points };
    }),
  };
}

/** Whether something is wrong: damage, a refusal, a request that came to nothing, a stray. */
export function isFaulty({ record, frames }: Pick<Told, "record" | "frames">): boolean {
  if (record.kind === "failure") return true;
  return frames.some(
    ({ role, explanation }) =>
      role === "late" ||
      role === "stray" ||
      explanation.isException ||
      explanation.faults.length > 0,
  );
}
