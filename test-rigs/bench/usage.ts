import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What a process has used so far. */
export type Usage = {
  /**
   * Milliseconds of processor time, user and system: of the threads that it has, and of the
   * processes that it started and that have ended.
   */
  readonly cpuMs: number;
  readonly rssMib: number;
  /** Bytes the process caused to be written to the disk. */
  readonly writtenBytes: number;
};

/** Clock ticks a second in /proc (always 100 on Linux). */
const TICKS = 100;

/** Reads /proc for process `pid`. */
export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  return {
    cpuMs: threadsMs(pid) + endedChildrenMs(pid),
    rssMib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    writtenBytes: Number(/^write_bytes: (\d+)/m.exec(io)?.[1]),
  };
}

/** Processor time of processes that `pid` started and that have ended, in milliseconds. */
export function endedChildrenMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / TICKS;
}

/** By the scheduler's account, in nanoseconds: a tick is a tenth of a percent of ten seconds. */
function threadsMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadMs(pid, thread), 0);
}

function threadMs(pid: number, thread: string): number {
  try {
    const [ranNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return Number(ranNs) / 1e6;
  } catch (error) {
    // It has ended since it was listed.
    if (existsSync(`/proc/${pid}`)) return 0;
    throw error;
  }
}

/** The value below which `part` (0 to 1) of `values` lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
