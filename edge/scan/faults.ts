import { isThere, type UnitReport } from "./unit-report.ts";

/**
 * What is wrong with the line, as far as a search shows it.
 *
 * - `shared-unit`: at these units several devices answer at once, or one is disturbed
 * - `wrong-settings`: whatever answers makes no sense: another speed or parity
 * - `noise`: bytes come although nobody is there to send them
 * - `nothing`: not a byte came back
 * - `only-echo`: nothing came back but what was sent
 * - `late`: these units need longer than the time-out
 * - `foreign`: these units answer somebody else, who asks on the same line
 * - `disturbed`: these units answered only when they were asked again
 * - `echo`: the adapter hears itself; no fault, but good to know
 */
export type ScanFault = {
  readonly kind:
    | "shared-unit"
    | "wrong-settings"
    | "noise"
    | "nothing"
    | "only-echo"
    | "late"
    | "foreign"
    | "disturbed"
    | "echo";
  /** The units that it is about; empty where it is the line. */
  readonly units: readonly number[];
};

/** Whether it keeps anything from working. */
export function isRemark({ kind }: ScanFault): boolean {
  return kind === "echo" || kind === "disturbed";
}

/** Fewer units say nothing about noise. */
const NOISE_UNITS = 8;
/** Noise at a greater share of the units at which nobody is, is the line's. */
const NOISE_SHARE = 0.5;

/** What is wrong at one setting of the line. `foreign` are units that answered without being asked. */
export function faultsIn(
  reports: readonly UnitReport[],
  foreign: readonly number[],
): readonly ScanFault[] {
  const probed = reports.filter(({ state }) => state !== "polled" && state !== "silent");
  const there = reports.filter(isThere);
  const garbled = unitsOf(probed.filter(({ state }) => state === "garbled"));
  const noisy = probed.filter(({ state, isNoisy }) => !isFound(state) && isNoisy);
  const nobody = probed.filter(({ state }) => !isFound(state));
  const isNoise = nobody.length >= NOISE_UNITS && noisy.length > NOISE_SHARE * nobody.length;
  const echoed = probed.filter(({ isEchoed }) => isEchoed);
  const isEchoing = probed.length > 0 && echoed.length === probed.length;
  const faults: (ScanFault | false)[] = [
    isNoise && line("noise"),
    !isNoise && garbled.length > 0 && there.length > 0 && { kind: "shared-unit", units: garbled },
    !isNoise && garbled.length > 0 && there.length === 0 && { kind: "wrong-settings", units: [] },
    about("foreign", foreign),
    about("late", unitsOf(reports.filter(({ state }) => state === "late"))),
    about("disturbed", unitsOf(probed.filter(({ state, isNoisy }) => isFound(state) && isNoisy))),
    ...deadLine(there.length + garbled.length + noisy.length + foreign.length, probed, isEchoing),
  ];
  return faults.filter((fault) => fault !== false);
}

/** What is wrong where nothing of `heard` kinds came back, and what an adapter's echo says. */
function deadLine(heard: number, probed: readonly UnitReport[], isEchoing: boolean) {
  if (heard > 0 || probed.length === 0) return [isEchoing && line("echo")];
  return [line(isEchoing ? "only-echo" : "nothing")];
}

function line(kind: ScanFault["kind"]): ScanFault {
  return { kind, units: [] };
}

function about(kind: ScanFault["kind"], units: readonly number[]): ScanFault | false {
  return units.length > 0 && { kind, units };
}

function isFound(state: UnitReport["state"]): boolean {
  return state === "found" || state === "late";
}

function unitsOf(reports: readonly UnitReport[]): readonly number[] {
  return reports.map(({ unit }) => unit);
}
