import { BAUDS, RTU_FORMATS, SERIAL_FORMATS } from "../../config/bus-schema.ts";
import type { ReadBus } from "../acquire/open-session.ts";
import { PROBE_TIMEOUT_MIN_MS } from "../control/probe-order.ts";
import type { Lang } from "../core/errors.ts";
import type { SerialFormat } from "../core/link.ts";
import { PROBES, type ProbeKind } from "../scan/examine.ts";
import { type ScanTextKey, sayScan } from "./scan-text.ts";

/** Speed and format of a serial line. */
export type LineSetting = { readonly baud: number; readonly format: SerialFormat };

/** What a search does: all units at the first setting, then at the next. */
export type ScanPlan = {
  readonly bus: ReadBus;
  /** In rising order. */
  readonly units: readonly number[];
  /** The configured one first; null where the line has none. */
  readonly settings: readonly (LineSetting | null)[];
  /** Whether settings were asked for, so that the line's are changed. */
  readonly isTuning: boolean;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** How it is found out whether anybody is there. */
  readonly probe: ProbeKind;
};

/** What was typed behind the options of a search; true where an option stands alone. */
export type ScanTyped = {
  readonly units?: string;
  readonly speeds?: string | true;
  readonly formats?: string | true;
  readonly timeout?: string;
  readonly probe?: string;
};

const PROBE_KINDS = Object.keys(PROBES) as readonly ProbeKind[];

/** The speeds and formats that field devices are found at, the usual ones first. */
const USUAL_SPEEDS = [9600, 19_200, 4800, 115_200, 38_400, 57_600, 2400, 1200];
const USUAL_FORMATS: readonly SerialFormat[] = ["8N1", "8E1", "8O1", "8N2"];

/** The plan that was typed for `bus`, or what is wrong with it, as a sentence. */
export function planTyped(
  bus: ReadBus,
  typed: ScanTyped,
  lang: Lang,
): { readonly plan: ScanPlan } | { readonly mistake: string } {
  const isSerial = bus.kind === "modbus-rtu" || bus.kind === "modbus-ascii";
  const [least, most] = isSerial ? [1, 247] : [0, 255];
  const units = unitsIn(typed.units ?? "1-247", least, most);
  if (units === null) return mistake(lang, "badUnits", { text: typed.units ?? "", least, most });
  const timeoutMs = typed.timeout === undefined ? bus.timeoutMs : millisIn(typed.timeout);
  if (timeoutMs === null || timeoutMs < PROBE_TIMEOUT_MIN_MS || timeoutMs > bus.timeoutMs) {
    const [min, max] = [PROBE_TIMEOUT_MIN_MS, bus.timeoutMs];
    return mistake(lang, "badTimeout", { text: typed.timeout ?? "", min, max });
  }
  const isTuning = typed.speeds !== undefined || typed.formats !== undefined;
  const probe = PROBE_KINDS.find((each) => each === (typed.probe ?? "careful"));
  if (probe === undefined) {
    return mistake(lang, "badProbe", { text: typed.probe ?? "", allowed: PROBE_KINDS.join(", ") });
  }
  const plan = { bus, units, timeoutMs, isTuning, probe };
  if (!isSerial) {
    if (isTuning) return mistake(lang, "noSettings", { bus: bus.name });
    return { plan: { ...plan, settings: [null] } };
  }
  const { baud, format } = bus.serial;
  const speeds = speedsIn(typed.speeds, baud);
  if (speeds === null) return mistake(lang, "badSpeeds", { allowed: BAUDS.join(", ") });
  const allowed = bus.kind === "modbus-rtu" ? RTU_FORMATS : SERIAL_FORMATS;
  const formats = formatsIn(typed.formats, format, allowed);
  if (formats === null) return mistake(lang, "badFormats", { allowed: allowed.join(", ") });
  const settings = speeds.flatMap((baud) => formats.map((format) => ({ baud, format })));
  return { plan: { ...plan, settings } };
}

/** `1-32,40` as numbers in rising order; null where it is none, or one is out of range. */
export function unitsIn(text: string, least: number, most: number): readonly number[] | null {
  const units = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(part) ?? [];
    if (first === undefined || last === undefined) return null;
    const [from, to] = [Number(first), Number(last)];
    if (from > to || from < least || to > most) return null;
    for (let unit = from; unit <= to; unit++) units.add(unit);
  }
  return [...units].toSorted((a, b) => a - b);
}

/** Numbers in rising order as they are typed: `1-32,40`. */
export function unitsText(units: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const unit of units) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === unit - 1) run[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

function millisIn(text: string): number | null {
  const [, digits, unit] = /^(\d{1,6})(ms|s)?$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (unit === "s" ? 1000 : 1);
}

function speedsIn(typed: string | true | undefined, own: number): readonly number[] | null {
  if (typed === undefined) return [own];
  if (typed === true) return [...new Set([own, ...USUAL_SPEEDS])];
  const speeds = typed.split(",").map(Number);
  return speeds.every((speed) => BAUDS.some((each) => each === speed)) ? speeds : null;
}

function formatsIn(
  typed: string | true | undefined,
  own: SerialFormat,
  allowed: readonly SerialFormat[],
): readonly SerialFormat[] | null {
  if (typed === undefined) return [own];
  if (typed === true) return [...new Set([own, ...USUAL_FORMATS])];
  const formats = typed.split(",").map((each) => allowed.find((one) => one === each.trim()));
  return formats.every((each) => each !== undefined) ? formats : null;
}

/**
 * The options of the commands that go on with `plan` where it was ended: at the setting numbered
 * `at` with the units `left`, then at the settings behind it.
 */
export function restTyped(plan: ScanPlan, at: number, left: readonly number[]): readonly string[] {
  const { settings, units, isTuning, timeoutMs, bus, probe } = plan;
  const short = timeoutMs === bus.timeoutMs ? "" : ` --timeout ${timeoutMs}ms`;
  const optionsOf = (some: readonly (LineSetting | null)[], of: readonly number[]) => {
    const known = some.filter((setting) => setting !== null);
    const speeds = [...new Set(known.map(({ baud }) => baud))].join(",");
    const formats = [...new Set(known.map(({ format }) => format))].join(",");
    const tuning = isTuning ? ` --speeds ${speeds} --formats ${formats}` : "";
    const how = probe === "careful" ? "" : ` --probe ${probe}`;
    return `--units ${unitsText(of)}${tuning}${short}${how}`;
  };
  const now = settings[at] ?? null;
  const later = settings.slice(at + 1);
  const alike = later.filter((setting) => setting?.baud === now?.baud);
  const others = later.filter((setting) => setting?.baud !== now?.baud);
  return [
    ...(left.length > 0 ? [optionsOf([now], left)] : []),
    ...(alike.length > 0 ? [optionsOf(alike, units)] : []),
    ...(others.length > 0 ? [optionsOf(others, units)] : []),
  ];
}

function mistake(
  lang: Lang,
  key: ScanTextKey,
  parameters: Readonly<Record<string, string | number>>,
): { readonly mistake: string } {
  return { mistake: sayScan(lang, key, parameters) };
}
