import type { StreamKind } from "../../edge/core/ledger.ts";
import type { GatewayReport, StreamReport } from "../receiver/audit.ts";
import type { ReadingsMessage } from "../receiver/message.ts";

/** What is known when everything is over. */
export type Evidence = {
  readonly report: GatewayReport | null;
  /** Readings that stood in more than one message. */
  readonly duplicates: number;
  /** Messages outside the contract. */
  readonly invalid: number;
  /** The highest seqs that the gateway stored. */
  readonly heads: Readonly<Record<StreamKind, number>>;
  /** How the gateway ended: its exit code, or the name of a signal. */
  readonly exit: number | string;
};

/** What is asked of the evidence. */
export type CheckName =
  | "messages"
  | "gaps"
  | "duplicates"
  | "conflicts"
  | "invalid"
  | "missing"
  | "readings"
  | "backlog"
  | "yellow"
  | "red"
  | "exit"
  | "farewell";

/** One thing asked, what was found, and whether that is as it must be. */
export type Check = {
  readonly name: CheckName;
  readonly value: number | string;
  readonly holds: boolean;
};

/** The answer to whether the gateway did what it promises. */
export type DemoVerdict = { readonly ok: boolean; readonly checks: readonly Check[] };

/** Judges the story by what the centre has, not by what the gateway says it sent. */
export function judge(evidence: Evidence): DemoVerdict {
  const { report, duplicates, invalid, heads, exit } = evidence;
  const sum = (of: (stream: StreamReport) => number) => total(report, of);
  const distinct = sum((stream) => stream.distinct);
  const checks = [
    some("messages", distinct),
    none(
      "gaps",
      sum(({ gaps }) => gaps),
    ),
    none("duplicates", duplicates),
    none(
      "conflicts",
      sum(({ conflicts }) => conflicts),
    ),
    none("invalid", invalid),
    none("missing", heads.readings + heads.events - distinct),
    some("readings", report?.readingCount ?? 0),
    some("backlog", report?.backlog ?? 0),
    some("yellow", report?.raised.yellow ?? 0),
    some("red", report?.raised.red ?? 0),
    { name: "exit", value: exit, holds: exit === 0 },
    { name: "farewell", value: report?.state ?? "unknown", holds: report?.state === "offline" },
  ] as const;
  return { ok: checks.every(({ holds }) => holds), checks };
}

/** A figure summed over every stream that the centre saw, of readings and of events. */
export function total(report: GatewayReport | null, of: (stream: StreamReport) => number): number {
  const streams = [...(report?.readings ?? []), ...(report?.events ?? [])];
  return streams.reduce((sum, stream) => sum + of(stream), 0);
}

function some(name: CheckName, value: number): Check {
  return { name, value, holds: value > 0 };
}

function none(name: CheckName, value: number): Check {
  return { name, value, holds: value === 0 };
}

/** Counts readings that stand in more than one message: a point is read once at a time. */
export class ReadingTally {
  readonly #seen = new Set<string>();
  #duplicates = 0;

  get duplicates(): number {
    return this.#duplicates;
  }

  /** Takes a message whose key was new. */
  take({ at, series }: ReadingsMessage): void {
    for (const { point, t } of series) {
      for (const offset of t) {
        const reading = `${point}@${at + offset}`;
        if (this.#seen.has(reading)) this.#duplicates += 1;
        this.#seen.add(reading);
      }
    }
  }
}
