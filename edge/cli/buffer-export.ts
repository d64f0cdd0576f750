import { extname } from "node:path";
import type { Reader } from "../../buffer/reader.ts";
import { type Selected, type Selection, select } from "../../buffer/selection.ts";
import { nearest } from "../../config/nearest.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { seqText } from "../core/seq-set.ts";
import { SystemClock } from "../world/clock.ts";
import { isoTime, localTime, wallTime } from "../world/wall-text.ts";
import { sayBuffer } from "./buffer-text.ts";
import { ExportFile, FileExists } from "./export-file.ts";
import { csvSheet, type ExportFormat, FORMATS, jsonSheet, type Sheet } from "./export-sheet.ts";
import { fileTrouble } from "./file-trouble.ts";
import { formatBytes } from "./format.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { pointPattern } from "./point-pattern.ts";
import { pursue } from "./pursue.ts";
import { refuse } from "./refuse.ts";

/** What was asked for, or what is wrong with how. */
type Asked =
  | {
      readonly out: string;
      readonly format: ExportFormat;
      readonly selection: Selection;
    }
  | { readonly mistake: string };

/**
 * `lifeline buffer export`: the readings of a time and of points as a file. 1 where not all that
 * is asked for could be read, or nothing written.
 */
export async function exportBuffer(reader: Reader, invocation: Invocation): Promise<number> {
  const { lang, points } = invocation;
  const asked = askedFor(invocation, new SystemClock().now());
  if ("mistake" in asked) return misuse(asked.mistake, invocation);
  const { out, format, selection } = asked;
  const known = reader.points();
  if (points !== undefined && !known.some(selection.isWanted)) {
    return refuse(noneFits(points, known, lang), invocation);
  }
  try {
    using file = new ExportFile(out, invocation.force === true);
    const stream = reader.meta("stream.readings") ?? "";
    const sheet = await sheetOf(format, file, stream);
    const found = await pursue(select(reader, selection, sheet.add), invocation);
    if (found === null) return refuse(sayBuffer(lang, "endedExport"), invocation);
    await sheet.end();
    file.finish();
    tell({ asked, found, bytes: file.bytes }, invocation);
    return found.lost.length + found.removed.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof FileExists) {
      return refuse(sayBuffer(lang, "fileExists", { path: out }), invocation);
    }
    if (!isOfFile(error)) throw error;
    const why = fileTrouble(error, invocation.lang);
    return refuse(sayBuffer(lang, "outFailed", { path: out, why }), invocation);
  }
}

function askedFor(invocation: Invocation, now: number): Asked {
  const { lang, out, points } = invocation;
  if (out === undefined) return { mistake: sayBuffer(lang, "outMissing") };
  const named = invocation.format ?? extname(out).slice(1).toLowerCase();
  const format = FORMATS.find((each) => each === named);
  if (format === undefined) return { mistake: sayBuffer(lang, "formatUnknown") };
  const times = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (const bound of ["from", "to"] as const) {
    const text = invocation[bound];
    if (text === undefined) continue;
    const at = wallTime(text, now);
    if (at === null) return { mistake: sayBuffer(lang, "noTime", { option: `--${bound}`, text }) };
    times[bound] = at;
  }
  if (times.from >= times.to) return { mistake: sayBuffer(lang, "timesTurned") };
  const isWanted = points === undefined ? () => true : pointPattern(points);
  return { out, format, selection: { ...times, isWanted } };
}

async function sheetOf(format: ExportFormat, file: ExportFile, stream: string): Promise<Sheet> {
  switch (format) {
    case "csv":
      return csvSheet(file, stream);
    case "jsonl":
      return jsonSheet(file, stream);
    case "parquet":
      return (await import("./export-parquet.ts")).parquetSheet(file, stream);
  }
}

function noneFits(points: string, known: readonly string[], lang: Lang): string {
  const near = nearest(points, known);
  if (near !== null) return sayBuffer(lang, "pointNear", { points, near });
  return sayBuffer(lang, "pointNone", { points });
}

function tell(
  {
    asked,
    found,
    bytes,
  }: {
    readonly asked: Exclude<Asked, { readonly mistake: string }>;
    readonly found: Selected;
    readonly bytes: number;
  },
  { lang, json }: Invocation,
): void {
  const { out, format, selection } = asked;
  const [from, to] = [selection.from, selection.to].map((at) => (Number.isFinite(at) ? at : null));
  if (json) {
    const times = {
      from: from == null ? null : isoTime(from),
      to: to == null ? null : isoTime(to),
    };
    print(toJson({ file: out, format, bytes, ...times, ...found }));
    return;
  }
  const moments = [from, to].map((at) => (at == null ? "…" : localTime(at))).join(" – ");
  const span = from == null && to == null ? sayBuffer(lang, "wholeSpan") : moments;
  print(sayBuffer(lang, "exported", { path: out, size: formatBytes(bytes) }));
  print(sayBuffer(lang, "exportedWhat", { readings: found.readings, span }));
  const { corrected, unsynced } = found;
  if (corrected + unsynced > 0) print(sayBuffer(lang, "exportClock", { corrected, unsynced }));
  for (const range of found.lost) print(sayBuffer(lang, "exportLost", { seqs: seqText([range]) }));
  for (const range of found.removed) {
    print(sayBuffer(lang, "exportRemoved", { seqs: seqText([range]) }));
  }
}

/** Whether the system says it of the file, as on a full or foreign disk. */
function isOfFile(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
