import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statfsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startVolatileDisk } from "../power-cut/volatile-disk.ts";
import { fakeClock } from "../processes/faketime.ts";
import type { Bench, Fault } from "./fault.ts";
import { fillBuffer } from "./filled-buffer.ts";
import { openSite } from "./site.ts";

/** What can be wrong with the machine that a gateway runs on. */
export const MACHINE_FAULTS: readonly Fault[] = [
  {
    name: "the disk is full",
    expected: "disk.full",
    isQuick: true,
    needsRoot: true,
    examine: async (bench) => {
      const site = await openSite(bench);
      const dir = join(site.home.dir, "buffer");
      mkdirSync(dir);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8M", "tmpfs", dir]);
      bench.defer(() => void execFileSync("umount", ["--lazy", dir]));
      await site.start();
      await site.until("something stored", ({ buffer }) => buffer.heads.readings > 0);
      const { bavail, bsize } = statfsSync(dir);
      writeFileSync(join(dir, "core.1234"), Buffer.alloc(bavail * bsize));
      await site.until("a full disk", ({ buffer }) => buffer.failing !== null);
      return site.examine();
    },
  },
  {
    name: "the disk turns read-only after an error of the card",
    expected: "disk.read-only",
    isQuick: false,
    needsRoot: true,
    examine: async (bench) => {
      const site = await openSite(bench);
      const disk = await startVolatileDisk(1);
      bench.defer(() => disk.close());
      disk.format();
      disk.mount("errors=remount-ro");
      symlinkSync(disk.dir, join(site.home.dir, "buffer"));
      await site.start();
      await site.until("something stored", ({ buffer }) => buffer.heads.readings > 0);
      disk.turnReadOnly();
      await site.until("a refusal", ({ buffer }) => buffer.failing !== null);
      return site.examine();
    },
  },
  boardFault("the supply voltage is too low", "power.low", { throttled: "50005" }),
  boardFault("the supply voltage was too low an hour ago", "power.was-low", { throttled: "50000" }),
  boardFault("the board is too hot and slows down", "heat.slowed", {
    throttled: "e0008",
    milliCelsius: 84_200,
  }),
  {
    name: "the memory of the gateway leaks",
    expected: "memory.leak",
    isQuick: false,
    examine: async (bench) => {
      const file = join(bench.dir, "time");
      writeFileSync(file, "+0\n");
      const clock = fakeClock({ file, isElapsedToo: true });
      const site = await openSite(bench, { env: { ...clock, NODE_OPTIONS: `--import ${LEAK}` } });
      await site.start();
      // An hour goes by in a second, for half a day.
      writeFileSync(file, "+0 x3600\n");
      await sleep(14_000);
      writeFileSync(file, "+100000 x1\n");
      await sleep(2_000);
      await site.until("samples", ({ memory }) => memory.length > 40);
      // Its plant answered late by its clock.
      await site.until("a value", ({ points: [point] }) => point?.quality === "good");
      await sleep(3_000);
      return site.examine({ env: { NODE_OPTIONS: "" } });
    },
  },
  {
    name: "the card is written to faster than it can stand",
    expected: "card.wearing",
    isQuick: false,
    examine: async (bench) => {
      const site = await openSite(bench);
      await fillBuffer(site.home.dir, {
        // As a week would leave it: a gigabyte a day, on a card for twenty.
        wear: { bytesPerDay: 1e9, days: 7, isShort: true },
      });
      await site.start();
      await site.until("the wear", ({ buffer }) => buffer.wear !== null);
      return site.examine();
    },
  },
];

/** What a Raspberry Pi's kernel would say, in place of this machine's. */
function boardFault(
  name: string,
  expected: Fault["expected"],
  {
    throttled,
    milliCelsius = 51_000,
  }: { readonly throttled: string; readonly milliCelsius?: number },
): Fault {
  return {
    name,
    expected,
    isQuick: expected === "power.low",
    needsRoot: true,
    examine: async (bench) => {
      const site = await openSite(bench);
      await site.start();
      const wrap = withSystemFiles(bench, {
        "devices/platform/soc/soc:firmware/get_throttled": throttled,
        "class/thermal/thermal_zone0/type": "cpu-thermal",
        "class/thermal/thermal_zone0/temp": String(milliCelsius),
      });
      return site.examine({ wrap });
    },
  };
}

/** What stands before a command that is to see `files` as its `/sys`. */
function withSystemFiles(
  { dir }: Bench,
  files: Readonly<Record<string, string>>,
): readonly string[] {
  const sys = join(dir, "sys");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(sys, path, ".."), { recursive: true });
    writeFileSync(join(sys, path), `${text}\n`);
  }
  chmodSync(sys, 0o755);
  const script = 'mount --bind "$0" /sys && exec "$@"';
  return ["unshare", "--mount", "sh", "-c", script, sys];
}

/** Keeps four megabytes every half hour. */
const LEAK = `data:text/javascript,${encodeURIComponent(
  "globalThis.kept=[];setInterval(()=>kept.push(Buffer.alloc(4e6,1)),18e5).unref();",
)}`;
