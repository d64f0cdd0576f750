import type { Forecast } from "../../buffer/forecast.ts";
import type { KeptAside, StoredSpan, Survey } from "../../buffer/survey.ts";
import type { Lang } from "../core/errors.ts";
import type { CardLife } from "../world/card-life.ts";
import { localTime } from "../world/wall-text.ts";
import { sayBuffer } from "./buffer-text.ts";
import { columns } from "./columns.ts";
import { formatAge, formatBytes } from "./format.ts";
import { sayWear, wearLine } from "./wear-text.ts";

/** What `lifeline buffer` prints. */
export function bufferView(
  survey: Survey,
  card: CardLife | null,
  lang: Lang,
  centres: readonly string[] = [],
): readonly string[] {
  const gateway = survey.gateway ?? sayBuffer(lang, "unknown");
  return [
    sayBuffer(lang, "head", { gateway, file: survey.file }),
    "",
    ...stored(survey, lang),
    "",
    size(survey, lang),
    "",
    ...destinations(survey, lang, centres),
    "",
    ...forecast(survey.forecast, lang),
    ...wear(survey.wear, lang),
    ...life(card, lang),
    ...aside(survey.aside, lang),
  ];
}

function stored({ readings, events }: Survey, lang: Lang): readonly string[] {
  const titles = (["stored", "count", "oldest", "newest"] as const).map((key) =>
    sayBuffer(lang, key),
  );
  const row = (name: string, span: StoredSpan) => [
    name,
    String(span.count),
    moment(span.fromAt),
    moment(span.toAt),
  ];
  const count = String(readings.readings);
  const counted = readings.isCounted ? count : sayBuffer(lang, "about", { count });
  const table = columns(
    [
      titles,
      row(sayBuffer(lang, "messages"), readings),
      [sayBuffer(lang, "readings"), counted],
      ...readings.thinned.map(({ windowMs, messages, fromAt, toAt }) => [
        sayBuffer(lang, "thinnedRow", { window: formatAge(windowMs, lang) }),
        String(messages),
        moment(fromAt),
        moment(toAt),
      ]),
      row(sayBuffer(lang, "events"), events),
    ],
    [1],
  );
  const means = sayBuffer(lang, "thinnedMeans").split("\n");
  return readings.thinned.length === 0 ? table : [...table, ...means];
}

function size({ bytes }: Survey, lang: Lang): string {
  return sayBuffer(lang, "size", {
    disk: formatBytes(bytes.onDisk),
    used: formatBytes(bytes.used),
    max: bytes.max === null ? sayBuffer(lang, "noLimit") : formatBytes(bytes.max),
    free: formatBytes(bytes.diskFree),
  });
}

function destinations(survey: Survey, lang: Lang, centres: readonly string[]): readonly string[] {
  if (survey.destinations.length === 0) return [sayBuffer(lang, "nobody")];
  const titles = (["destination", "owedMessages", "owedEvents", "since"] as const).map((key) =>
    sayBuffer(lang, key),
  );
  const rows = survey.destinations.map(
    ({ destination, isConfigured, readings, events, sinceAt }) => [
      isConfigured === false ? sayBuffer(lang, "notConfigured", { destination }) : destination,
      String(readings),
      String(events),
      moment(sinceAt),
    ],
  );
  const table = columns([titles, ...rows], [1, 2]);
  if (centres.length === 0) return table;
  const names = centres.join(", ");
  return [...table, ...sayBuffer(lang, "centresMean", { names }).split("\n")];
}

function forecast(found: Forecast | null, lang: Lang): readonly string[] {
  if (found === null) return [sayBuffer(lang, "tooLittle")];
  const { lossInMs, endsWithDisk, fromAt, toAt, messages, bytesEach, bytesPerHour } = found;
  const time = formatAge(lossInMs, lang);
  const lasts = sayBuffer(lang, endsWithDisk ? "lastsDisk" : "lasts", { time });
  const how = sayBuffer(lang, "computed", {
    span: formatAge(toAt - fromAt, lang),
    messages,
    each: formatBytes(bytesEach),
    rate: formatBytes(bytesPerHour),
    room: formatBytes(found.roomBytes),
  });
  return [lossInMs > 0 ? lasts : sayBuffer(lang, "full"), ...how.split("\n")];
}

function wear(found: Survey["wear"], lang: Lang): readonly string[] {
  if (found === null) return [];
  const { totalBytes, enduranceBytes, isShort } = found;
  return [
    "",
    wearLine(found, enduranceBytes, lang),
    ...(isShort ? [sayWear(lang, "short")] : []),
    sayWear(lang, "written", { total: formatBytes(totalBytes) }),
  ];
}

function life(card: CardLife | null, lang: Lang): readonly string[] {
  if (card === null) return [];
  const { usedPercent: used, spare } = card;
  const key = used > 100 ? "lifeOver" : "lifeUsed";
  return [sayWear(lang, key, { used, spare: sayWear(lang, spare) })];
}

function aside(kept: readonly KeptAside[], lang: Lang): readonly string[] {
  if (kept.length === 0) return [];
  const titles = (["aside", "why", "bytes", "last"] as const).map((key) => sayBuffer(lang, key));
  const rows = kept.map(({ file, why, bytes, at }) => [
    file.slice(file.lastIndexOf("/") + 1),
    sayBuffer(lang, why),
    formatBytes(bytes),
    moment(at),
  ]);
  return ["", ...columns([titles, ...rows], [2]), sayBuffer(lang, "asideTodo")];
}

function moment(at: number | null): string {
  return at === null ? "-" : localTime(at);
}
