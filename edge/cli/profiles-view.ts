import stringWidth from "string-width";
import { numberOfPlace, placeOfNumber } from "../../config/numbering.ts";
import type { Profile } from "../../config/profile.ts";
import { formatDuration } from "../../config/quantity.ts";
import type { Lang } from "../core/errors.ts";
import { columns, pad, wrapped } from "./columns.ts";
import { sayProfiles } from "./profiles-text.ts";

type ProfilePoint = Profile["points"][string];

/** A terminal's width, what stands between columns, and the least that a last one is given, in cells. */
const WIDTH = 80;
const GAP = 2;
const LEAST = 24;

/** A profile by its name; null for one whose file has faults. */
export type NamedProfile = { readonly name: string; readonly profile: Profile | null };

/** A line for each profile: name, model, what it measures. */
export function profileTable(profiles: readonly NamedProfile[], lang: Lang): readonly string[] {
  const head = (["profile", "model"] as const).map((key) => sayProfiles(lang, key));
  const rows = profiles.map(({ name, profile }) =>
    profile === null
      ? [name, sayProfiles(lang, "faulty", { name })]
      : [
          name,
          sayProfiles(lang, "modelMeasures", {
            model: profile.name[lang],
            measures: profile.measures[lang],
          }),
        ],
  );
  return hanging([head, ...rows]);
}

/** Rows as aligned lines of a terminal's width, the last column of each broken where it is longer. */
function hanging(rows: readonly (readonly string[])[]): readonly string[] {
  const heads = columns(rows.map((row) => [...row.slice(0, -1), ""]));
  const indent = Math.max(...heads.map((line) => stringWidth(line))) + GAP;
  return rows.flatMap((row, at) => {
    const broken = wrapped(row.at(-1) ?? "", Math.max(WIDTH - indent, LEAST));
    const lines = broken.length === 0 ? [""] : broken;
    return lines.map((line, i) => (pad(i === 0 ? `${heads[at]}` : "", indent) + line).trimEnd());
  });
}

/** Everything that a crew needs to know of a model, and how to write it into the configuration. */
export function profilePage(name: string, profile: Profile, lang: Lang): readonly string[] {
  const { measures, source, caution, points } = profile;
  const head = (["point", "place", "type", "unitOf", "is"] as const).map((key) =>
    sayProfiles(lang, key),
  );
  const rows = Object.entries(points).map(([point, keys]) => [
    point,
    placeText(keys, lang),
    keys.type ?? "",
    keys.unit ?? "",
    meaningText(keys, lang),
  ]);
  return [
    profile.name[lang],
    "",
    ...hanging(
      [
        [sayProfiles(lang, "measuresLine"), measures[lang]],
        [sayProfiles(lang, "sourceLine"), source],
        [sayProfiles(lang, "deliveredLine"), deliveredText(profile, lang)],
        [sayProfiles(lang, "cautionLine"), caution?.[lang] ?? ""],
      ].filter(([, text]) => text !== ""),
    ),
    "",
    ...hanging([head, ...rows]),
    "",
    ...wrapped(sayProfiles(lang, "notTried"), WIDTH),
    "",
    sayProfiles(lang, "example"),
    ...exampleLines(name, profile),
  ];
}

function deliveredText({ serial, unit }: Profile, lang: Lang): string {
  const line = serial === undefined ? [] : [`${serial.baud ?? ""} ${serial.format ?? ""}`.trim()];
  const told = unit === undefined ? [] : [sayProfiles(lang, "unit", { unit })];
  return [...line, ...told].filter((text) => text !== "").join(", ");
}

/** Where the value stands: as manuals print it where it is a register. */
function placeText(point: ProfilePoint, lang: Lang): string {
  const { area, address, number, sentence, field, column, byte, group, derive } = point;
  if (derive !== undefined) return sayProfiles(lang, "derived");
  if (number !== undefined) {
    const place = placeOfNumber(number);
    return place === null ? String(number) : `${number} (${place.area} ${place.address})`;
  }
  if (area !== undefined && address !== undefined) {
    return `${numberOfPlace({ area, address })} (${area} ${address})`;
  }
  if (sentence !== undefined) return `${sentence}, ${field ?? ""}`;
  if (column !== undefined) return `column ${column}`;
  if (byte !== undefined) return `byte ${byte}`;
  return group ?? "";
}

function meaningText(point: ProfilePoint, lang: Lang): string {
  const { title, write, readClears, values, bits } = point;
  const meanings = Object.entries({ ...values, ...bits }).map(
    ([number, text]) => `${number} ${text[lang]}`,
  );
  return [
    title[lang],
    ...(write === true ? [sayProfiles(lang, "writable")] : []),
    ...(readClears === true ? [sayProfiles(lang, "clears")] : []),
    ...judgementTexts(point, lang),
    ...(meanings.length === 0 ? [] : [meanings.join(", ")]),
  ].join("; ");
}

/** When the value is not believed, or not entirely. */
function judgementTexts(point: ProfilePoint, lang: Lang): readonly string[] {
  const { sentinels = [], range, status, warmUp = 0 } = point;
  const numbers = sentinels.join(", ");
  return [
    ...(sentinels.length === 0 ? [] : [sayProfiles(lang, "noValue", { numbers })]),
    ...(range === undefined ? [] : [sayProfiles(lang, "range", { low: range[0], high: range[1] })]),
    ...(status === undefined ? [] : [sayProfiles(lang, "believed", { point: status.point })]),
    ...(warmUp === 0 ? [] : [sayProfiles(lang, "warmsUp", { time: formatDuration(warmUp) })]),
  ];
}

/** The lines of a device with this profile, to be copied. */
function exampleLines(name: string, { unit, protocol }: Profile): readonly string[] {
  const asked = protocol === undefined ? `, unit: ${unit ?? 1}` : "";
  return ["", "  devices:", `    sensor-1: { bus: line-a${asked}, profile: ${name} }`];
}
