import type { Certificate } from "../calibrate/certificate.ts";
import type { CalibrationStep } from "../core/calibration.ts";
import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Field, Paper, Section, Table } from "../papers/paper.ts";
import { rounded } from "./calibrate-view.ts";
import { sayCertificate } from "./certificate-text.ts";

type Key = Parameters<typeof sayCertificate>[1];

/** `certificate` as it is printed in `lang`. */
export function certificatePaper(certificate: Certificate, lang: Lang): Paper {
  const { number, gateway, site, point, record } = certificate;
  const say = (key: Key, about = {}) => sayCertificate(lang, key, about);
  const { at, who, kind, unit, clock, note } = record;
  const day = (when: WallMs) => momentOf(when, certificate.timeZone, lang).slice(0, 10);
  const moment = momentOf(at, certificate.timeZone, lang);
  const field = (key: Key, value: Field["value"] | null): readonly Field[] =>
    value === null ? [] : [{ label: say(key), value }];
  return {
    ...{ lang, number, at },
    title: say(kind === "check" ? "checkTitle" : "title"),
    about: [gateway, site?.name ?? null].flatMap((each) => each ?? []).join(", "),
    head: [
      ...field("gateway", gateway),
      ...field("site", site?.name ?? null),
      ...field("asset", site?.asset ?? null),
      ...field("point", point),
      ...field("unit", unit),
      ...field("at", clock === "unsynced" ? say("unsynced", { at: moment }) : moment),
      ...field("by", who),
      ...field("validUntil", certificate.validUntil === null ? null : day(certificate.validUntil)),
      ...field("note", note),
    ],
    sections: [resultsOf(certificate, lang)],
    signatures: [
      { role: say("calibratedBy"), name: who, date: day(at) },
      { role: say("checkedBy"), name: "", date: "" },
    ],
  };
}

function resultsOf({ record, release }: Certificate, lang: Lang): Section {
  const say = (key: Key, about = {}) => sayCertificate(lang, key, about);
  const { kind, steps, tolerance, isWithin, pairs } = record;
  const unit = record.unit === null ? "" : ` ${record.unit}`;
  const verdict = isWithin
    ? ({ text: say("within"), tone: "good" } as const)
    : ({ text: say("beyond"), tone: "bad" } as const);
  const force = (pairs ?? []).map(([from, to]) => `${rounded(from)} → ${rounded(to)}`).join("\n");
  return {
    title: say("results"),
    blocks: [
      tableOf(steps, lang),
      {
        kind: "fields",
        fields: [
          { label: say("tolerance"), value: `± ${rounded(tolerance)}${unit}` },
          { label: say("verdict"), value: verdict },
          { label: say("action"), value: say(kind === "adjustment" ? "adjustment" : "check") },
          { label: say("pairs"), value: force === "" ? say("none") : force },
        ],
      },
      { kind: "note", text: say("method") },
      { kind: "note", text: say("madeBy", { release }) },
    ],
  };
}

const HEADS = ["reference", "indicated", "found", "error", "left", "leftError", "scatter"] as const;

function tableOf(steps: readonly CalibrationStep[], lang: Lang): Table {
  const say = (key: Key, about = {}) => sayCertificate(lang, key, about);
  return {
    kind: "table",
    columns: HEADS.map((key) => ({ title: say(key), share: 1, align: "right" })),
    rows: steps.map(({ reference, indicated, found, left, isLeftMeasured, scatter }) => [
      rounded(reference),
      rounded(indicated),
      rounded(found),
      rounded(found - reference),
      isLeftMeasured ? rounded(left) : say("computed", { value: rounded(left) }),
      rounded(left - reference),
      rounded(scatter),
    ]),
    empty: say("none"),
  };
}

/** A moment by the site's clock: the day first, `2026-11-28 10:31`, in either language. */
function momentOf(at: WallMs, timeZone: string, lang: Lang): string {
  const form = { timeZone, dateStyle: "short", timeStyle: "short", hour12: false } as const;
  const text = new Intl.DateTimeFormat("sv-SE", form).format(at);
  return lang === "en" ? `${text} (${timeZone})` : `${text}（${timeZone}）`;
}
