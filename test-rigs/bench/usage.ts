import { readFileSync } from "node:fs";

/** What a process has used so far. */
export type Usage = {
  /** Milliseconds of processor time, user and system, all threads. */
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Bytes the process caused to be written to the disk. */
  readonly writtenBytes: number;
};

/** Clock ticks a second in /proc (always 100 on Linux). */
const TICKS = 100;

/** Reads /proc for process `pid`. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS,
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    writtenBytes: Number(/^write_bytes: (\d+)/m.exec(io)?.[1]),
  };
}

/** The value below which `part` (0 to 1) of `values` lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
