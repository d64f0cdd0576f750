import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Lang } from "../core/errors.ts";
import { isRemark, type ScanFault } from "../scan/faults.ts";
import type { Pass } from "../scan/pass.ts";
import { isThere, type UnitIdentity, type UnitReport } from "../scan/unit-report.ts";
import { columns } from "./columns.ts";
import { type LineSetting, type ScanPlan, unitsText } from "./scan-options.ts";
import { sayScan } from "./scan-text.ts";

/** What was found at one setting of the line; null where it has none. */
export type Tried = { readonly setting: LineSetting | null; readonly pass: Pass };

/** Everything that a search tells in the end. */
export type ScanResult = {
  readonly plan: ScanPlan;
  readonly tried: readonly Tried[];
  readonly faults: readonly ScanFault[];
  /** The commands that go on with it; empty where it is done. */
  readonly next: readonly string[];
};

/** The result for people: a table, what is wrong, and what to paste. */
export function scanView(result: ScanResult, config: GatewayConfig, lang: Lang): readonly string[] {
  const { faults } = result;
  return [
    ...tableOf(result, lang),
    ...faultLines(faults, lang),
    ...snippetLines(result, config, lang),
  ];
}

function tableOf({ plan, tried }: ScanResult, lang: Lang): readonly string[] {
  const rows = tried.flatMap(({ setting, pass }) =>
    shownIn(pass).map((report) => [
      String(report.unit),
      ...(plan.isTuning ? [settingText(setting, lang)] : []),
      whatIs(report, lang),
      report.profiles.join(", "),
      report.tookMs === null ? "" : sayScan(lang, "millis", { ms: Math.ceil(report.tookMs) }),
    ]),
  );
  if (rows.length === 0) {
    const more = plan.probe === "careful" ? [sayScan(lang, "silentMaybe")] : [];
    return [sayScan(lang, "nothingFound"), ...more];
  }
  const titles = [
    sayScan(lang, "unit"),
    ...(plan.isTuning ? [sayScan(lang, "line")] : []),
    ...(["what", "profile", "took"] as const).map((key) => sayScan(lang, key)),
  ];
  return columns([titles, ...rows], [0, titles.length - 1]);
}

/** What is worth a row: what is there, and what is read and silent. */
function shownIn({ reports }: Pass): readonly UnitReport[] {
  return reports.filter((report) => isThere(report) || report.state === "silent");
}

function settingText(setting: LineSetting | null, lang: Lang): string {
  return setting === null ? "" : sayScan(lang, "setting", { ...setting });
}

/** What a unit is, in one line. */
export function whatIs(report: UnitReport, lang: Lang): string {
  const { state, device } = report;
  if (state === "polled") return sayScan(lang, "polled", { device: device ?? "" });
  if (state === "silent") return sayScan(lang, "isSilent", { device: device ?? "" });
  if (state === "late") return sayScan(lang, "tooLate");
  const name = report.identity === null ? "" : identityText(report.identity);
  const own = device === null ? [] : [sayScan(lang, "configured", { device })];
  return [name === "" ? sayScan(lang, "unnamed") : name, ...own].join("; ");
}

/** What a unit says of itself, in one line. */
export function identityText({ vendor, product, revision, serverId }: UnitIdentity): string {
  return [vendor, product, revision, serverId].filter((each) => each !== null).join(" ");
}

function faultLines(faults: readonly ScanFault[], lang: Lang): readonly string[] {
  const block = (title: "faults" | "remarks", some: readonly ScanFault[]) => {
    if (some.length === 0) return [];
    const lines = some.flatMap(({ kind, units }) => [
      `  ${sayScan(lang, kind, { units: unitsText(units) })}`,
      ...(kind === "echo" ? [] : [`    → ${sayScan(lang, `${kind}Todo`)}`]),
    ]);
    return ["", sayScan(lang, title), ...lines];
  };
  return [
    ...block(
      "faults",
      faults.filter((fault) => !isRemark(fault)),
    ),
    ...block("remarks", faults.filter(isRemark)),
  ];
}

function snippetLines(result: ScanResult, config: GatewayConfig, lang: Lang): readonly string[] {
  const snippet = snippetOf(result, config, lang);
  return snippet.length === 0 ? [] : ["", sayScan(lang, "snippet"), "", ...snippet];
}

/** The `devices:` entries of what was found and is not configured; empty where there are none. */
export function snippetOf(
  { plan, tried }: ScanResult,
  { devices }: Pick<GatewayConfig, "devices">,
  lang: Lang,
): readonly string[] {
  const taken = new Set(devices.map(({ name }) => name));
  const entries = tried.flatMap(({ setting, pass }) =>
    pass.reports
      .filter(({ state, device }) => (state === "found" || state === "late") && device === null)
      .flatMap((report) => [
        ...settingNote(setting, plan, lang),
        ...entryOf(report, plan, taken, lang),
      ]),
  );
  return entries.length === 0 ? [] : ["devices:", ...entries];
}

/** A device found at another setting than the configured one cannot be read at this one. */
function settingNote(setting: LineSetting | null, { bus }: ScanPlan, lang: Lang) {
  if (setting === null || !("serial" in bus)) return [];
  const { baud, format } = bus.serial;
  if (setting.baud === baud && setting.format === format) return [];
  return [`  # ${sayScan(lang, "otherSetting", { ...setting, bus: bus.name })}`];
}

function entryOf(report: UnitReport, plan: ScanPlan, taken: Set<string>, lang: Lang) {
  const { unit, identity, profiles } = report;
  const name = freeName(unit, taken);
  const what = identity === null ? "" : identityText(identity);
  const [profile, ...others] = profiles;
  const place = `bus: ${plan.bus.name}, unit: ${unit}`;
  return [
    ...(what === "" ? [] : [`  # ${what}`]),
    ...(others.length === 0
      ? []
      : [`  # ${sayScan(lang, "orProfile", { profiles: others.join(", ") })}`]),
    ...(profile === undefined
      ? [
          `  # ${sayScan(lang, "noProfile")}`,
          `  ${name}:`,
          `    { ${place}, points: { value: { area: holding, address: 0, type: uint16 } } }`,
        ]
      : [`  ${name}: { ${place}, profile: ${profile} }`]),
  ];
}

/** `unit-7`, or with a number behind it where a device has that name. */
function freeName(unit: number, taken: Set<string>): string {
  let name = `unit-${unit}`;
  for (let n = 2; taken.has(name); n++) name = `unit-${unit}-${n}`;
  taken.add(name);
  return name;
}

/** The result for programs. Stable. */
export function scanJson(result: ScanResult, config: GatewayConfig, lang: Lang): object {
  const { plan, tried, faults, next } = result;
  return {
    bus: plan.bus.name,
    complete: next.length === 0,
    settings: tried.map(({ setting, pass }) => ({
      ...setting,
      units: shownIn(pass).map(({ isEchoed, isNoisy, ...shown }) => shown),
    })),
    faults: faults.map((fault) => ({
      ...fault,
      remark: isRemark(fault),
      message: sayScan(lang, fault.kind, { units: unitsText(fault.units) }),
      advice: sayScan(lang, `${fault.kind}Todo`),
    })),
    next,
    yaml: snippetOf(result, config, lang).join("\n"),
  };
}
