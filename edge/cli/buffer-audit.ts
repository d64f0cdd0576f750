import { type Audited, audit, type StreamAudit } from "../../buffer/audit.ts";
import type { Reader } from "../../buffer/reader.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { countIn, type SeqSet, seqText } from "../core/seq-set.ts";
import { type BufferTextKey, sayBuffer } from "./buffer-text.ts";
import { lossLines } from "./buffer-verify.ts";
import { fileTrouble } from "./file-trouble.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { pursue } from "./pursue.ts";
import { ListMistake, readReceived } from "./received-list.ts";
import { refuse } from "./refuse.ts";

/** The most ranges of one kind that are shown to a person. */
const SHOWN_MAX = 20;

/**
 * `lifeline buffer audit FILE`: what the receiver whose list is FILE lacks, and where it is. 1
 * where it lacks anything, or has what never was.
 */
export async function auditBuffer(reader: Reader, invocation: Invocation): Promise<number> {
  const { lang, json, operands } = invocation;
  const [, path] = operands;
  if (path === undefined) return misuse(sayBuffer(lang, "listMissing"), invocation);
  const list = listIn(path, lang);
  if ("mistake" in list) return refuse(list.mistake, invocation);
  const found = await pursue(audit(reader, list.received), invocation);
  if (found === null) return refuse(sayBuffer(lang, "ended"), invocation);
  const ok =
    found.foreign.length === 0 &&
    found.streams.every(({ missing, neverStored }) => missing.length + neverStored.length === 0);
  if (json) print(toJson({ file: reader.file, ok, ...found }));
  else for (const line of auditView(reader.file, found, lang)) print(line);
  return ok ? 0 : 1;
}

function listIn(path: string, lang: Lang) {
  try {
    return { received: readReceived(path) };
  } catch (error) {
    if (error instanceof ListMistake) {
      return { mistake: sayBuffer(lang, "listMistake", { path, line: error.line }) };
    }
    if (!(error instanceof Error && "syscall" in error)) throw error;
    return { mistake: sayBuffer(lang, "listUnreadable", { path, why: fileTrouble(error, lang) }) };
  }
}

/** What `lifeline buffer audit` prints. */
export function auditView(
  file: string,
  { streams, foreign }: Audited,
  lang: Lang,
): readonly string[] {
  return [
    sayBuffer(lang, "audited", { file }),
    ...streams.flatMap((stream) => streamLines(stream, lang)),
    ...foreign.map(({ stream, received }) =>
      sayBuffer(lang, "foreignStream", { stream, count: received }),
    ),
    ...(foreign.length === 0 ? [] : [sayBuffer(lang, "foreignTodo")]),
  ];
}

function streamLines(found: StreamAudit, lang: Lang): readonly string[] {
  const { kind, head, received, missing, lost, acknowledged } = found;
  const what = sayBuffer(lang, kind === "readings" ? "messages" : "events");
  const stream = found.stream ?? sayBuffer(lang, "unknown");
  const lacks = countIn(missing);
  const kinds: readonly (readonly [BufferTextKey, SeqSet])[] = [
    ["missingStored", found.stored],
    ["missingRemoved", found.removed],
    ["missingUnexplained", found.unexplained],
    ["neverStored", found.neverStored],
  ];
  const more = lost.length - SHOWN_MAX;
  return [
    "",
    sayBuffer(lang, "auditStream", { what, stream }),
    sayBuffer(lang, "auditCounts", { stored: head, received, lacks }),
    ...kinds.flatMap(([key, set]) => rangeLines(key, set, lang)),
    ...lost.slice(0, SHOWN_MAX).flatMap((loss) => lossLines(loss, lang, 2)),
    ...(more > 0 ? [sayBuffer(lang, "andMore", { count: more })] : []),
    ...acknowledged.map(({ destination, seqs }) =>
      sayBuffer(lang, "acknowledged", { destination, count: countIn(seqs) }),
    ),
  ];
}

function rangeLines(key: BufferTextKey, set: SeqSet, lang: Lang): readonly string[] {
  if (set.length === 0) return [];
  const more = set.length - SHOWN_MAX;
  return [
    sayBuffer(lang, key, { count: countIn(set) }),
    ...set.slice(0, SHOWN_MAX).map((range) => `    ${seqText([range])}`),
    ...(more > 0 ? [sayBuffer(lang, "andMore", { count: more })] : []),
  ];
}
