import { join } from "node:path";
import { kernelNumber, kernelText, ROOTS, type Roots } from "./kernel-file.ts";

/** The memory of the machine, in bytes. */
export type Memory = {
  readonly totalBytes: number;
  /** What can be had without swapping (proc(5), MemAvailable). */
  readonly availableBytes: number;
  readonly swapBytes: number;
  readonly swapFreeBytes: number;
  /** So often the kernel ended a process for want of memory since the boot; null where not known. */
  readonly killed: number | null;
};

/** What a process takes. */
export type ProcessMemory = { readonly residentBytes: number; readonly swappedBytes: number };

/** The machine's memory; null where the kernel does not tell. */
export function memoryOf({ proc }: Roots): Memory | null {
  const text = kernelText(join(proc, "meminfo"));
  const total = text && kilobytes(text, "MemTotal");
  if (!text || !total) return null;
  const [, killed] = /^oom_kill (\d+)$/m.exec(kernelText(join(proc, "vmstat")) ?? "") ?? [];
  return {
    totalBytes: total,
    availableBytes: kilobytes(text, "MemAvailable") ?? 0,
    swapBytes: kilobytes(text, "SwapTotal") ?? 0,
    swapFreeBytes: kilobytes(text, "SwapFree") ?? 0,
    killed: killed === undefined ? null : Number(killed),
  };
}

/** What process `pid` takes; null where it is gone. */
export function processMemory(pid: number, { proc }: Roots): ProcessMemory | null {
  const text = kernelText(join(proc, String(pid), "status"));
  const residentBytes = text && kilobytes(text, "VmRSS");
  if (!text || residentBytes === null) return null;
  return { residentBytes: residentBytes || 0, swappedBytes: kilobytes(text, "VmSwap") ?? 0 };
}

/** The most that this process and those with it may take (cgroups(7), v2); null where not limited. */
export function memoryLimit({ proc, sys }: Roots = ROOTS): number | null {
  const [, group] = /^0::(.*)$/m.exec(kernelText(join(proc, "self", "cgroup")) ?? "") ?? [];
  return group === undefined ? null : kernelNumber(join(sys, "fs/cgroup", group, "memory.max"));
}

function kilobytes(text: string, name: string): number | null {
  const [, number] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text) ?? [];
  return number === undefined ? null : Number(number) * 1024;
}
