import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { arch, cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { NODE_RED_VERSIONS } from "../node-red.ts";
import { medianOf } from "./section.ts";

/** More load at the start than so many a core, and the figures are of a busy machine. */
const BUSY = 0.5;
const FLUSHES = 30;
const PACKAGE = new URL("../../../package.json", import.meta.url);

/** What the machine is, a line a fact; `dir` is where its disk is looked at. */
export function machineLines(dir: string): readonly string[] {
  const [cpu] = cpus();
  return [
    `- Processor: ${cpus().length} × ${cpu?.model.trim()} (${arch()})`,
    `- Memory: ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `- Kernel: Linux ${release()}, ${osName()}`,
    `- Node ${process.version}`,
    `- Disk: ${diskOf(dir)}; 4 kB are flushed to it in ${flushMs(dir).toFixed(2)} ms (median of ${FLUSHES})`,
  ];
}

/** What stands beside the gateway, with its versions. */
export function peersLine(): string {
  const { dependencies } = JSON.parse(readFileSync(PACKAGE, "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const own = ["modbus-serial", "mqtt"].map((name) => `${name} ${dependencies[name]}`);
  return `- Beside it: ${[NODE_RED_VERSIONS, ...own, ...debianVersions()].join(", ")}`;
}

function debianVersions(): readonly string[] {
  const options = [
    "-W",
    "-f",
    `\${Package} \${Version}\n`,
    "mosquitto",
    "libmodbus5",
    "libmosquitto1",
  ];
  return spawnSync("dpkg-query", options, { encoding: "utf8" }).stdout?.trim().split("\n") ?? [];
}

/** The load average of the last minute. */
export function load(): number {
  return loadavg()[0] as number;
}

/** A line that says so where `loadBefore` says that the machine was busy; else null. */
export function busyLine(loadBefore: number, cores: number): string | null {
  if (loadBefore <= BUSY * cores) return null;
  return `**The machine was busy: load ${loadBefore.toFixed(1)} on ${cores} cores before the first run. Times, and what CPU time costs, mean little; bytes and counts do.**`;
}

function osName(): string {
  const text = readFileSync("/etc/os-release", "utf8");
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? "an unnamed system";
}

function diskOf(dir: string): string {
  const options = ["--output=source,fstype", dir];
  const [, line = ""] = execFileSync("df", options).toString().trim().split("\n");
  const [source, type] = line.trim().split(/\s+/);
  return `${type} on ${source}`;
}

function flushMs(dir: string): number {
  const path = join(dir, "flush");
  const file = openSync(path, "w");
  try {
    return medianOf(
      Array.from({ length: FLUSHES }, () => {
        const from = performance.now();
        writeSync(file, Buffer.alloc(4096));
        fdatasyncSync(file);
        return performance.now() - from;
      }),
    );
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
