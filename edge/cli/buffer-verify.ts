import type { Loss } from "../../buffer/losses.ts";
import type { Reader } from "../../buffer/reader.ts";
import { type Finding, type Verified, verify } from "../../buffer/verify.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { type SeqSet, seqText } from "../core/seq-set.ts";
import { sayBuffer } from "./buffer-text.ts";
import { wrapped } from "./columns.ts";
import { type Invocation, print } from "./invocation.ts";
import { pursue } from "./pursue.ts";
import { refuse } from "./refuse.ts";

/** The most lines of findings that are shown to a person. */
const SHOWN_MAX = 50;
/** Cells of a terminal's line, and by how many the further lines of one loss stand in. */
const WIDTH = 80;
const HANGING = 2;
/** The most ranges of seqs that are shown of one loss. */
const RANGES_MAX = 8;

/** `lifeline buffer verify`: 1 where something is damaged, or not everything was looked at. */
export async function verifyBuffer(reader: Reader, invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const found = await pursue(verify(reader), invocation);
  if (found === null) return refuse(sayBuffer(lang, "ended"), invocation);
  const ok = found.findings.length === 0;
  if (json) print(toJson({ file: reader.file, ok, ...found }));
  else for (const line of verifiedView(reader.file, found, lang)) print(line);
  return ok ? 0 : 1;
}

/** What `lifeline buffer verify` prints. */
export function verifiedView(file: string, found: Verified, lang: Lang): readonly string[] {
  const { messages, readings, events, unsummed, findings, losses } = found;
  const faults = findings.slice(0, SHOWN_MAX).map((finding) => findingLine(finding, lang));
  const more = findings.length - faults.length;
  return [
    sayBuffer(lang, "verified", { file }),
    sayBuffer(lang, "looked", { messages, readings, events }),
    ...(unsummed === 0 ? [] : [sayBuffer(lang, "unsummed", { count: unsummed })]),
    ...losses.slice(-SHOWN_MAX).flatMap((loss) => lossLines(loss, lang)),
    findings.length === 0 ? sayBuffer(lang, "sound") : sayBuffer(lang, "unsound"),
    ...faults,
    ...(more === 0 ? [] : [sayBuffer(lang, "andMore", { count: more })]),
    ...(findings.length === 0 ? [] : [sayBuffer(lang, "unsoundTodo")]),
  ];
}

/** Why seqs of a stream will never come, `indent` cells from the left. */
export function lossLines(loss: Loss, lang: Lang, indent = 0): readonly string[] {
  const { stream, why, toldBy, into } = loss;
  const what = isOwn(stream) ? sayBuffer(lang, OWN[stream]) : stream;
  const reason = sayBuffer(lang, LOSSES[why], { into: shown(into) });
  const event = toldBy === null ? sayBuffer(lang, "toldByNone") : String(toldBy);
  const text = sayBuffer(lang, "loss", { what, seqs: shown(loss.seqs), reason, event });
  const lines = wrapped(text, WIDTH - indent - HANGING);
  return lines.map((line, i) => " ".repeat(i === 0 ? indent : indent + HANGING) + line);
}

const OWN = { readings: "messages", events: "events" } as const;

/** Whether it is one of the ledger's; a queue's is called by its id. */
function isOwn(stream: string): stream is keyof typeof OWN {
  return stream in OWN;
}

const LOSSES = {
  full: "lostFull",
  thinned: "lostThinned",
  aged: "lostAged",
  damaged: "lostDamaged",
} as const;

/** `set`, or its beginning where it has many ranges. */
function shown(set: SeqSet): string {
  const ranges = set.slice(0, RANGES_MAX).map((range) => seqText([range]));
  return [...ranges, ...(set.length > RANGES_MAX ? ["…"] : [])].join(", ");
}

function findingLine(finding: Finding, lang: Lang): string {
  const why = sayBuffer(lang, finding.fault);
  return sayBuffer(lang, "finding", { what: placeOf(finding, lang), why });
}

function placeOf(finding: Finding, lang: Lang): string {
  if (!("to" in finding)) {
    return finding.key === null ? finding.table : `${finding.table} ${finding.key}`;
  }
  const what = sayBuffer(lang, finding.table === "readings" ? "messages" : "events");
  return `${what} ${seqText([finding])}`;
}
