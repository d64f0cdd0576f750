import type { StoredReading } from "../../buffer/selection.ts";
import { toJson } from "../core/json.ts";
import { isoTime } from "../world/wall-text.ts";
import type { ExportFile } from "./export-file.ts";

/** The forms in which readings are exported; a file's name ends like its form. */
export const FORMATS = ["csv", "jsonl", "parquet"] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** Readings on their way into a file. */
export type Sheet = {
  readonly add: (readings: readonly StoredReading[]) => void;
  /** Writes what is still to come. */
  readonly end: () => void | Promise<void>;
};

/** Empty where the reading is as it was acquired; else its window in milliseconds, and what that was. */
const THINNED_COLUMNS = ["window", "min", "max", "mean", "n"] as const;

/** The columns of every form, in order. */
export const COLUMNS = [
  "time",
  "ms",
  "point",
  "value",
  "unit",
  "quality",
  "stream",
  "seq",
  "clock",
  ...THINNED_COLUMNS,
] as const;

/** Lines of CSV with their names first (RFC 4180): commas, CRLF, UTF-8. */
export function csvSheet(file: Pick<ExportFile, "write">, stream: string): Sheet {
  file.write(`${COLUMNS.join(",")}\r\n`);
  const line = ({ at, point, value, unit, quality, seq, clock, thinned }: StoredReading) => {
    const what = `${csvCell(point)},${csvCell(value)},${csvCell(unit)},${csvCell(quality)}`;
    return `${isoTime(at)},${at},${what},${csvCell(stream)},${seq},${clock},${windowCells(thinned)}\r\n`;
  };
  return { add: (readings) => file.write(readings.map(line).join("")), end: () => {} };
}

/** One JSON object a line; integers beyond 2^53 with all their digits. */
export function jsonSheet(file: Pick<ExportFile, "write">, stream: string): Sheet {
  const line = ({ at, point, value, unit, quality, seq, clock, thinned }: StoredReading) => {
    const window = thinned === null ? {} : named(thinned);
    const all = { time: isoTime(at), ms: at, point, value, unit, quality, stream, seq, clock };
    return `${toJson({ ...all, ...window })}\n`;
  };
  return { add: (readings) => file.write(readings.map(line).join("")), end: () => {} };
}

function named({ windowMs, ...rest }: NonNullable<StoredReading["thinned"]>) {
  return { window: windowMs, ...rest };
}

function windowCells(thinned: StoredReading["thinned"]): string {
  const columns = thinned === null ? null : named(thinned);
  return THINNED_COLUMNS.map((name) => csvCell(columns?.[name] ?? null)).join(",");
}

/** What is not known is empty; a text that is empty stands in quotes. */
function csvCell(cell: StoredReading["value"]): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
