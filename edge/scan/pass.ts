import type { Query } from "../../drivers/query.ts";
import type { Probed } from "../control/field-desk.ts";
import { GatewayError } from "../core/errors.ts";
import { examine, type ProbeKind } from "./examine.ts";
import type { Model } from "./models.ts";
import { isThere, type UnitReport } from "./unit-report.ts";

/** The way to a line: through the running gateway, or directly. */
export type ScanWay = {
  /** Whether a running gateway reads devices on the line meanwhile. */
  readonly isShared: boolean;
  /** Rejects with a `GatewayError` where the way is lost. */
  probe(unit: number, query: Query, timeoutMs: number): Promise<Probed>;
};

export type PassParts = {
  /** Opens the way. Rejects with a `GatewayError`. */
  readonly open: () => Promise<ScanWay>;
  /** In the order in which they are asked. */
  readonly units: readonly number[];
  readonly models: readonly Model[];
  readonly probe: ProbeKind;
  /** How long an answer is waited for, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the bus would wait, in milliseconds; not shorter. */
  readonly patientMs: number;
  /** Told of each unit that is done, in order; not of one that answers late. */
  readonly onUnit: (report: UnitReport) => void;
};

/** What came of asking units at one setting of the line. */
export type Pass = {
  readonly reports: readonly UnitReport[];
  /** Units that were not asked: it was ended before. */
  readonly left: readonly number[];
  /** Units that answered somebody, and were not asked here. */
  readonly foreign: readonly number[];
  /** Why the line or the gateway was lost, or null. */
  readonly trouble: GatewayError | null;
};

/**
 * Asks the units one by one, until all are done or `signal` aborts. Those whose answers came too
 * late are asked once more in the end, with the time that the bus allows.
 */
export async function scanPass(parts: PassParts, signal: AbortSignal): Promise<Pass> {
  const { open, units, models, probe, timeoutMs, patientMs, onUnit } = parts;
  const reports = new Map<number, UnitReport>();
  const heard = new Set<number>();
  const asked = new Set<number>();
  const foreign = new Set<number>();
  let isShared = false;
  const look = async (way: ScanWay, unit: number, patienceMs: number) => {
    asked.add(unit);
    const ask = async (query: Query) => {
      const probed = await way.probe(unit, query, patienceMs);
      const others = probed.kind === "polled" ? [] : probed.heard.others;
      for (const other of others) (asked.has(other) ? heard : foreign).add(other);
      return probed;
    };
    return await examine(unit, ask, models, probe);
  };
  const result = (trouble: GatewayError | null): Pass => ({
    reports: [...reports.values()],
    left: units.filter((unit) => !reports.has(unit)),
    // What answers the gateway's own requests is no stranger.
    foreign: isShared ? [] : [...foreign],
    trouble,
  });
  try {
    const way = await open();
    isShared = way.isShared;
    for (const unit of units) {
      if (signal.aborted) break;
      const report = await look(way, unit, timeoutMs);
      reports.set(unit, report);
      onUnit(report);
    }
    for (const unit of heard) {
      const before = reports.get(unit);
      if (before === undefined || isThere(before) || signal.aborted) continue;
      const again = timeoutMs < patientMs ? await look(way, unit, patientMs) : before;
      reports.set(unit, again.state === "found" ? again : { ...before, state: "late" });
    }
    return result(null);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return result(error);
  }
}
