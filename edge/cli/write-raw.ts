import { userInfo } from "node:os";
import process from "node:process";
import { numberOfPlace } from "../../config/numbering.ts";
import type { FieldReading } from "../control/field-desk.ts";
import {
  encodeRaw,
  type RawEncoded,
  type RawWrite,
  rangeOf,
  type WriteBar,
  writeBarOf,
} from "../control/raw-write.ts";
import { type ReadBar, readBarOf } from "../control/read-bar.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { widthOf } from "../core/point.ts";
import type { Value } from "../core/reading.ts";
import { hasTerminal } from "../world/confirm.ts";
import { actorName } from "./alarms-act.ts";
import { columns } from "./columns.ts";
import { agreesTo } from "./consent.ts";
import { type HowTyped, rawWriteTyped } from "./field-operands.ts";
import { sayField } from "./field-text.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { reachField } from "./reach-field.ts";
import { outcomeKey, reasonText } from "./reason-text.ts";
import { refuse } from "./refuse.ts";
import { say, sayQuality } from "./text.ts";
import { usableConfig } from "./usable-config.ts";
import { whyUnread } from "./why-unread.ts";

/** `lifeline write BUS UNIT AREA ADDRESS VALUE... [--type TYPE] [--order ORDER]`. */
export async function writeRaw(invocation: Invocation): Promise<number> {
  const { lang, json, yes } = invocation;
  const typed = rawWriteTyped(invocation.operands, howOf(invocation), lang);
  if ("mistake" in typed) return misuse(typed.mistake, invocation);
  const { raw } = typed;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const unread = whyUnread(config.buses, raw.bus, lang);
  if (unread !== null) return refuse(unread, invocation);
  const bar = writeBarOf(config, raw, rangeOf(raw));
  if (bar !== null) return refuse(barSentence(bar, lang), invocation);
  const encoded = encodeRaw(raw);
  if (encoded.kind === "unfit") return refuse(unfitText(raw, encoded, lang), invocation);
  if (!yes && !hasTerminal()) return misuse(sayField(lang, "needsYes"), invocation);
  const readBar = readBarOf(config, raw, rangeOf(raw));
  if (readBar !== null) complain(unreadSentence(readBar, lang));
  const field = await reachField(config);
  try {
    if (!yes) {
      const order = { raw: { ...raw, count: raw.values.length } };
      const before = readBar === null ? await field.read(order) : [];
      for (const line of planView(raw, before, encoded.values, lang)) complain(line);
      const agrees = await agreesTo(sayField(lang, "placeQuestion", raw as never));
      if (!agrees) return refuse(sayField(lang, "notWritten"), invocation);
    }
    const who = actorName(userInfo, process.getuid?.());
    const writes = await field.writeRaw({ raw, who }, encoded.values);
    if (json) print(toJson({ writes, who }));
    for (const { point, old, value, outcome, cause } of json ? [] : writes) {
      const why = reasonText(cause, lang);
      const came = outcomeKey({ outcome, cause });
      print(sayField(lang, came, { point, old: shown(old), value: shown(value), cause: why }));
    }
    for (const { point, notRecorded: cause } of writes) {
      if (cause !== undefined) complain(sayField(lang, "notRecorded", { point, cause }));
    }
    return writes.every(({ outcome }) => outcome === "done") ? 0 : 1;
  } finally {
    field.close();
  }
}

function howOf({ type, order }: Invocation): HowTyped {
  return { ...(type !== undefined && { type }), ...(order !== undefined && { order }) };
}

/** Why it is barred to write somewhere. */
export function barSentence(bar: WriteBar, lang: Lang): string {
  if (bar.kind === "everybody") return sayField(lang, "everybodyBars");
  return sayField(lang, "pointBars", { point: bar.point });
}

/** Why the old value is not read first. */
function unreadSentence(bar: ReadBar, lang: Lang): string {
  return bar.kind === "forbidden"
    ? sayField(lang, "oldForbidden", { device: bar.device })
    : sayField(lang, "oldCleared", { point: bar.point });
}

function unfitText(
  { type }: RawWrite,
  { text, nearest }: Extract<RawEncoded, { readonly kind: "unfit" }>,
  lang: Lang,
): string {
  if (nearest === null) return sayField(lang, "noRawValue", { text, type });
  return sayField(lang, "noRawValueNearest", { text, type, nearest: shown(nearest) });
}

/** What stands at each address, also by the number that manuals give it, and what is to. */
function planView(
  { area, address, type }: RawWrite,
  before: readonly FieldReading[],
  values: readonly Value[],
  lang: Lang,
): readonly string[] {
  const titles = [
    sayField(lang, "address"),
    sayField(lang, "number"),
    say(lang, "value"),
    say(lang, "quality"),
    sayField(lang, "newValue"),
  ];
  const rows = values.map((value, index) => {
    const at = address + index * widthOf(type, 0);
    const { value: old = null, quality = "" } = before[index] ?? {};
    const number = numberOfPlace({ area, address: at });
    return [`${at}`, number, shown(old), sayQuality(lang, quality), shown(value)];
  });
  return columns([titles, ...rows], [0, 1, 2, 4]);
}

function shown(value: Value | null): string {
  return value === null ? "?" : String(value);
}
