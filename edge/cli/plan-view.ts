import { formatDuration } from "../../config/quantity.ts";
import type { RequestForecast } from "../acquire/forecast.ts";
import type { GapSaving } from "../acquire/gap-saving.ts";
import type { BusPlan } from "../acquire/poll-plan.ts";
import type { NewPeriod } from "../acquire/proposal.ts";
import type { Lang } from "../core/errors.ts";
import { clip, columns } from "./columns.ts";
import { formatAge } from "./format.ts";
import { sayPlan } from "./plan-text.ts";

/** Columns are no wider than this, so that a line fits a terminal of 80. */
const BUS_WIDTH = 18;
const LINE_WIDTH = 21;
const DEVICE_WIDTH = 30;
const NAMES_WIDTH = 44;
const GAP_NAMES_WIDTH = 30;

/**
 * What `lifeline check` prints of the plans: load of each bus, greatest age of each device's
 * values, and what to do about what does not fit. No line is wider than 80 terminal cells.
 */
export function planView(plans: readonly BusPlan[], lang: Lang): string {
  if (plans.length === 0) return "";
  const sections = [
    busTable(plans, lang),
    [...deviceTable(plans, lang), sayPlan(lang, "legend")],
    plans.flatMap((plan) => judgement(plan, lang)),
    gapLines(plans, lang),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function busTable(plans: readonly BusPlan[], lang: Lang): readonly string[] {
  const titles = (["bus", "line", "requests", "round", "load", "oneDead"] as const).map((key) =>
    sayPlan(lang, key),
  );
  const rows = plans.map(({ bus, line, forecast }) => [
    clip(bus, BUS_WIDTH),
    clip(line, LINE_WIDTH),
    String(forecast.requests.length),
    formatSpan(forecast.roundMs, lang),
    formatShare(forecast.load),
    forecast.loadOneDead === null ? "-" : formatShare(forecast.loadOneDead),
  ]);
  return columns([titles, ...rows], [2, 3, 4, 5]);
}

/** One row for what a device has of one period: all of it is as old at most. */
function deviceTable(plans: readonly BusPlan[], lang: Lang): readonly string[] {
  const titles = (["device", "every", "points", "requests", "age", "oneDead"] as const).map((key) =>
    sayPlan(lang, key),
  );
  const groups = plans.flatMap(({ forecast }) => [
    ...Map.groupBy(forecast.requests, ({ request }) => `${request.everyMs} ${request.device}`),
  ]);
  const rows = groups.map(([, own]) => deviceRow(own, lang));
  return columns([titles, ...rows], [1, 2, 3, 4, 5]);
}

function deviceRow(own: readonly RequestForecast[], lang: Lang): readonly string[] {
  const [{ request }] = own as readonly [RequestForecast];
  const points = own.reduce((sum, { request: { points: some } }) => sum + some.length, 0);
  const ages = own.map(({ ageOneDeadMs }) => ageOneDeadMs).filter((age) => age !== null);
  return [
    clip(request.device, DEVICE_WIDTH),
    formatDuration(request.everyMs),
    String(points),
    String(own.length),
    formatSpan(Math.max(...own.map(({ ageMs }) => ageMs)), lang),
    ages.length === 0 ? "-" : formatSpan(Math.max(...ages), lang),
  ];
}

/** What is to be said about a bus: nothing where all is well. */
function judgement(
  { bus: name, behind, verdict, forecast, proposal }: BusPlan,
  lang: Lang,
): readonly string[] {
  const bus = clip(name, BUS_WIDTH);
  const load = formatShare(forecast.load);
  const round = formatSpan(forecast.roundMs, lang);
  const skips = forecast.maySkip && verdict !== "overloaded";
  const assumed = behind?.isAssumed ? `${behind.baud} ${behind.format}` : null;
  return [
    ...(assumed === null ? [] : [sayPlan(lang, "assumed", { bus, line: assumed })]),
    ...(verdict === "fits" ? [] : [sayPlan(lang, verdict, { bus, load })]),
    ...(skips ? [sayPlan(lang, "skips", { bus, round })] : []),
    ...(proposal === null ? [] : proposalLines(proposal, lang)),
  ];
}

/** What reading over gaps would save, and what to mind with it. */
function gapLines(plans: readonly BusPlan[], lang: Lang): readonly string[] {
  const gaps = plans.flatMap(({ gaps }) => gaps);
  const alike = Map.groupBy(
    gaps,
    ({ maxGap, saved, requests }) => `${maxGap} ${saved} ${requests}`,
  );
  const lines = [...alike.values()].map((own) => {
    const [{ maxGap: gap, saved, requests }] = own as [GapSaving];
    return sayPlan(lang, "gaps", { devices: namesOf(own, GAP_NAMES_WIDTH), gap, saved, requests });
  });
  return lines.length === 0 ? [] : [...lines, sayPlan(lang, "gapsCare")];
}

function proposalLines(
  { periods, faster }: NonNullable<BusPlan["proposal"]>,
  lang: Lang,
): readonly string[] {
  const alike = Map.groupBy(periods ?? [], ({ fromMs, toMs }) => `${fromMs} ${toMs}`);
  const changes = [...alike.values()].map((own) => {
    const [{ fromMs, toMs }] = own as [NewPeriod];
    const [from, to] = [formatDuration(fromMs), formatDuration(toMs)];
    return sayPlan(lang, "period", { from, to, devices: namesOf(own) });
  });
  const { baud, load } = faster ?? { baud: 0, load: 0 };
  return [
    ...(periods === null ? [sayPlan(lang, "noPeriod")] : [sayPlan(lang, "fits"), ...changes]),
    ...(faster === null ? [] : [sayPlan(lang, "faster", { baud, load: formatShare(load) })]),
  ];
}

/** The devices' names as far as there is room for them, and how many they are where there is not. */
function namesOf(devices: readonly { readonly device: string }[], width = NAMES_WIDTH): string {
  const names = devices.map(({ device }) => device).join(", ");
  const shown = clip(names, width);
  return shown === names ? names : `${shown} (${devices.length})`;
}

/** A share of 1 in percent, rounded up where that shows that a limit is passed. */
function formatShare(share: number): string {
  const percent = 100 * share;
  return `${percent < 10 ? Number(percent.toPrecision(2)) : Math.ceil(percent)} %`;
}

/** A length of time for a person, such as `145 ms` or `1.18 s`; what is cut off is rounded up. */
function formatSpan(ms: number, lang: Lang): string {
  if (ms > 60_000) return formatAge(ms, lang);
  if (ms <= 999) return `${Math.ceil(ms)} ms`;
  const perS = ms <= 9_990 ? 100 : 10;
  return `${Math.ceil((ms * perS) / 1000) / perS} ${lang === "en" ? "s" : "秒"}`;
}
