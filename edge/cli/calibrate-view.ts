import type { CalibrationStanding } from "../calibrate/calibration-desk.ts";
import type { Stability } from "../calibrate/stability.ts";
import type { CalibrationRecord, CalibrationStep } from "../core/calibration.ts";
import type { Lang } from "../core/errors.ts";
import { localTime } from "../world/wall-text.ts";
import { sayCalibrate } from "./calibrate-text.ts";
import { columns } from "./columns.ts";
import { formatAge, formatValue } from "./format.ts";

/** What is told before anything is done. */
export function standingView(
  standing: CalibrationStanding,
  forMs: number,
  lang: Lang,
): readonly string[] {
  const { point, unit, alarms, interlocks } = standing;
  const list = (names: readonly string[]) => names.join(lang === "en" ? ", " : "、");
  const time = formatAge(forMs, lang);
  return [
    sayCalibrate(lang, "about", { point, unit: unit ?? "" }),
    `  ${inForceText(standing, lang)}`,
    alarms.length === 0
      ? `  ${sayCalibrate(lang, "noAlarms")}`
      : `  ${sayCalibrate(lang, "alarmsOut", { time, alarms: list(alarms) })}`,
    ...(interlocks.length === 0
      ? []
      : [`  ${sayCalibrate(lang, "interlocksOut", { interlocks: list(interlocks) })}`]),
  ];
}

function inForceText({ inForce }: CalibrationStanding, lang: Lang): string {
  if (inForce === null) return sayCalibrate(lang, "inForceNone");
  const { n, on, by } = inForce;
  if (n === null) return sayCalibrate(lang, "inForceConfig", { on });
  return sayCalibrate(lang, "inForceRecord", { n, on, by: by ?? "?" });
}

/** How far a wait for a steady value is, on one line. */
export function waitView(
  reference: number,
  { kind, mean, share }: Stability,
  unit: string | null,
  lang: Lang,
): string {
  return sayCalibrate(lang, "waits", {
    reference,
    value: formatValue(mean),
    unit: unit ?? "",
    state: sayCalibrate(lang, mean === null ? "silent" : kind),
    share: Math.floor(share * 100),
  }).trim();
}

/** The numbers of a window, for a person. */
export function stabilityText(
  { slopePerMin, scatter }: Stability,
  unit: string | null,
  lang: Lang,
): string {
  const about = { slope: rounded(slopePerMin), scatter: rounded(scatter), unit: unit ?? "" };
  return sayCalibrate(lang, "slope", about);
}

/** What each step found and left, as a table. */
export function stepsView(steps: readonly CalibrationStep[], lang: Lang): readonly string[] {
  const keys = ["reference", "indicated", "found", "error", "left"] as const;
  const titles = keys.map((key) => sayCalibrate(lang, key));
  const rows = steps.map(({ reference, indicated, found, left, isLeftMeasured }) => [
    String(reference),
    rounded(indicated),
    rounded(found),
    signed(found - reference),
    isLeftMeasured ? rounded(left) : `${rounded(left)} ${sayCalibrate(lang, "computed")}`,
  ]);
  return columns([titles, ...rows], [0, 1, 2, 3]);
}

/** The records of a point as a table, the newest first. */
export function recordsView(records: readonly CalibrationRecord[], lang: Lang): readonly string[] {
  const titles = [
    "#",
    ...(["when", "kind", "who", "error"] as const).map((key) => sayCalibrate(lang, key)),
  ];
  const rows = records
    .toReversed()
    .map(({ n, at, kind, who, steps }) => [
      String(n),
      localTime(at),
      sayCalibrate(lang, kind),
      who,
      steps.map(({ found, reference }) => signed(found - reference)).join(" "),
    ]);
  return columns([titles, ...rows], [0]);
}

/** A number for a person: four digits that matter. */
export function rounded(value: number): string {
  return formatValue(Number(value.toPrecision(4)));
}

function signed(value: number): string {
  const text = rounded(value);
  return value > 0 ? `+${text}` : text;
}
