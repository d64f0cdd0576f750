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
] as const;

/** Lines of CSV with their names first (RFC 4180): commas, CRLF, UTF-8. */
export function csvSheet(file: Pick<ExportFile, "write">, stream: string): Sheet {
  file.write(`${COLUMNS.join(",")}\r\n`);
  const line = ({ at, point, value, unit, quality, seq, clock }: StoredReading) => {
    const what = `${csvCell(point)},${csvCell(value)},${csvCell(unit)},${csvCell(quality)}`;
    return `${isoTime(at)},${at},${what},${csvCell(stream)},${seq},${clock}\r\n`;
  };
  return { add: (readings) => file.write(readings.map(line).join("")), end: () => {} };
}

/** One JSON object a line; integers beyond 2^53 with all their digits. */
export function jsonSheet(file: Pick<ExportFile, "write">, stream: string): Sheet {
  const line = ({ at, point, value, unit, quality, seq, clock }: StoredReading) =>
    `${toJson({ time: isoTime(at), ms: at, point, value, unit, quality, stream, seq, clock })}\n`;
  return { add: (readings) => file.write(readings.map(line).join("")), end: () => {} };
}

/** What is not known is empty; a text that is empty stands in quotes. */
function csvCell(cell: StoredReading["value"]): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
