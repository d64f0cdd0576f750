import type { Hole } from "./judge.ts";
import type { Befallen, Seen } from "./run.ts";
import type { Verdict } from "./verdict.ts";

/** The most findings of the doctor that a line tells. */
const FOUND_TOLD = 3;

/** One mishap, what the doctor said of it, and how long it lasted and was felt. */
export function lineOf({ planned, text, found, foundInS, isNamed, wellAfterS }: Befallen): string {
  const { kind, fromS, toS } = planned;
  const when = `${fromS.toFixed(1).padStart(7)} s  ${kind} (${text}), ${(toS - fromS).toFixed(1)} s`;
  const said = found === null ? "NO ANSWER" : found.slice(0, FOUND_TOLD).join(", ") || "nothing";
  const named = isNamed === null ? "" : isNamed ? " [named]" : " [not named]";
  const well = wellAfterS === null ? "NOT WELL AGAIN" : `well ${wellAfterS.toFixed(1)} s behind it`;
  return `${when}\n           doctor, in ${foundInS.toFixed(0)} s: ${said}${named}; ${well}`;
}

/** What came of a run, the verdict last. */
export function linesOf(seen: Seen, { accounts, starts, faults }: Verdict): readonly string[] {
  const named = seen.befallen.filter(({ isNamed }) => isNamed !== null);
  const right = named.filter(({ isNamed }) => isNamed).length;
  const calm =
    seen.calmAfterS === null ? "never calm" : `calm after ${seen.calmAfterS.toFixed(0)} s`;
  return [
    "",
    ...accounts.flatMap(({ centre, messages, repeated, readings, alarms, holes, buffer }) => [
      `${centre}: ${messages} messages, ${repeated} of them repeated; ${readings} readings, ${alarms} transitions of alarms`,
      ...costsOf(holes),
      ...buffer.map((text) => `  the buffer said: ${text}`),
    ]),
    `${starts} starts; ${right} of ${named.length} faults named by the doctor; at most ${seen.rssMaxMib.toFixed(0)} MiB, in the end ${seen.rssEndMib.toFixed(0)} MiB; ${calm}`,
    ...faults.map((fault) => `WRONG: ${fault}`),
    faults.length === 0
      ? `${seen.befallen.length} faults: nothing lost, nothing twice, nothing untrue`
      : `${seen.befallen.length} faults: ${faults.length} things are WRONG`,
  ];
}

/** How long devices were not read, summed, for each reason. */
function costsOf(holes: readonly Hole[]): readonly string[] {
  const byReason = Map.groupBy(holes, ({ why }) => why ?? "for no reason");
  return [...byReason].map(([why, each]) => {
    const seconds = each.reduce((sum, { from, to }) => sum + to - from, 0) / 1_000;
    return `  ${each.length} times a device was not read, ${seconds.toFixed(0)} s in all: ${why}`;
  });
}
