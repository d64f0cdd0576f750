import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../edge/control/status.ts";
import { messageOf } from "../../edge/core/errors.ts";
import { usageOf } from "../bench/usage.ts";
import { Random } from "../sim/random.ts";
import { CLOCK_SET, KILLED, type Mishap } from "./mishaps.ts";
import type { OffClock } from "./rows.ts";
import type { Planned } from "./schedule.ts";
import type { Site } from "./site.ts";
import type { Span } from "./supervisor.ts";

/** What became of one mishap. */
export type Befallen = {
  readonly planned: Planned<string>;
  /** What was drawn. */
  readonly text: string;
  /** What the doctor found amid it, the worst first, as codes and subjects; null: it did not answer. */
  readonly found: readonly string[] | null;
  /** How long it took for that, in seconds. */
  readonly foundInS: number;
  /** Whether one of those names it; null where nothing could. */
  readonly isNamed: boolean | null;
  /** From its end until nothing was left of it, in seconds; null where that was not seen in time. */
  readonly wellAfterS: number | null;
};

/** What a run has seen beside what the centres stored. */
export type Seen = {
  readonly befallen: readonly Befallen[];
  readonly offClocks: readonly OffClock[];
  /** While the disk was full, until a process died that had not stored what it held. */
  readonly lostWithDisk: readonly Span[];
  /** The most memory that the gateway took, and what it took at last, in MiB. */
  readonly rssMaxMib: number;
  readonly rssEndMib: number;
  /** Whether all was well and delivered in the end, and how long that took, in seconds. */
  readonly calmAfterS: number | null;
  /** What the gateway has stored; null where it did not say. */
  readonly heads: Status["buffer"]["heads"] | null;
};

/** How long what a mishap has left may take. */
const WELL_S = 180;
/** How long all of it may take in the end. */
const CALM_S = 300;
/** When in a mishap the doctor is asked, as a share of it. */
const ASKED_AT = 0.6;
/** After a disk had room again, until what waited is stored: the longest pause between two tries. */
const DISK_SETTLED_MS = 20_000;
const LOOK_MS = 2_000;

/** Lets the mishaps of `schedule` befall `site`, then waits until all is well. */
export async function befall(
  site: Site,
  schedule: readonly Planned<string>[],
  mishaps: ReadonlyMap<string, Mishap>,
  seed: number,
  say: (befallen: Befallen) => void,
): Promise<Seen> {
  const begun = Date.now();
  const watch = new Watch(site);
  const all = schedule.map(async (planned) => {
    const mishap = mishaps.get(planned.kind);
    if (mishap === undefined) throw new Error(`no mishap ${planned.kind}`);
    await until(begun, planned.fromS);
    const random = new Random(seed).stream(`${planned.kind} at ${planned.fromS}`);
    const from = Date.now();
    const text = await mishap.begin(site, random);
    watch.began(mishap, from);
    const askedAtS = planned.fromS + ASKED_AT * (planned.toS - planned.fromS);
    const asked = until(begun, askedAtS).then(() => askDoctor(site));
    await until(begun, planned.toS);
    await mishap.end(site);
    watch.ended(mishap, from, text);
    const ended = Date.now();
    const isWell = await waitFor(site, mishap.isOver, WELL_S);
    const wellAfterS = isWell ? (Date.now() - ended) / 1_000 : null;
    const { found, foundInS } = await asked;
    const befallen = {
      planned,
      text,
      found,
      foundInS,
      isNamed: isNamed(mishap, found),
      wellAfterS,
    };
    say(befallen);
    return befallen;
  });
  const befallen = await Promise.all(all);
  const calmSince = Date.now();
  const isCalm = await waitFor(site, isAllWell([...mishaps.values()]), CALM_S);
  const status = await site.status().catch(() => null);
  const rssEndMib = watch.rssMib();
  watch.stop();
  return {
    befallen,
    offClocks: watch.offClocks,
    lostWithDisk: watch.lostWithDisk,
    rssMaxMib: watch.rssMaxMib,
    rssEndMib,
    calmAfterS: isCalm ? (Date.now() - calmSince) / 1_000 : null,
    heads: status?.buffer.heads ?? null,
  };
}

/** Nothing is left of any of `mishaps`. */
export function isAllWell(mishaps: readonly Mishap[]): (status: Status) => boolean {
  return (status) => mishaps.every(({ isOver }) => isOver(status));
}

/** Looks each half second whether the gateway says so. */
export async function waitFor(
  { status }: Pick<Site, "status">,
  holds: (status: Status) => boolean,
  withinS: number,
): Promise<boolean> {
  const end = performance.now() + withinS * 1_000;
  while (performance.now() < end) {
    const told = await status().catch(() => null);
    if (told !== null && holds(told)) return true;
    await sleep(500);
  }
  return false;
}

async function until(begun: number, afterS: number): Promise<void> {
  await sleep(Math.max(0, begun + afterS * 1_000 - Date.now()));
}

function isNamed({ named }: Mishap, found: readonly string[] | null): boolean | null {
  if (named.length === 0) return null;
  return found?.some((each) => named.some((code) => each.startsWith(`${code} `))) ?? false;
}

async function askDoctor(site: Site): Promise<Pick<Befallen, "found" | "foundInS">> {
  const asked = performance.now();
  const inS = () => (performance.now() - asked) / 1_000;
  try {
    const { findings } = await site.doctor();
    const found = findings.map(({ code, subject }) => `${code} ${subject}`);
    return { found, foundInS: inS() };
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return { found: null, foundInS: inS() };
  }
}

/** Keeps account of what the judge has to know. */
class Watch {
  readonly offClocks: OffClock[] = [];
  readonly lostWithDisk: Span[] = [];
  rssMaxMib = 0;
  readonly #site: Site;
  readonly #looking: NodeJS.Timeout;
  /** Since when something waits for room; null while nothing does. */
  #fullSince: number | null = null;
  #settling: NodeJS.Timeout | undefined;

  constructor(site: Site) {
    this.#site = site;
    this.#looking = setInterval(() => {
      this.rssMaxMib = Math.max(this.rssMaxMib, this.rssMib());
    }, LOOK_MS);
  }

  rssMib(): number {
    const { pid } = this.#site.gateway;
    try {
      return pid === null ? 0 : usageOf(pid).rssMib;
    } catch {
      // It died a moment ago.
      return 0;
    }
  }

  began({ part, kind }: Mishap, from: number): void {
    if (part === "disk") {
      clearTimeout(this.#settling);
      this.#fullSince ??= from;
    }
    const isLost = kind === KILLED && this.#fullSince !== null;
    if (isLost)
      this.lostWithDisk.push({ from: this.#fullSince ?? from, to: from, why: "full disk" });
  }

  ended({ part, kind }: Mishap, from: number, text: string): void {
    if (kind === CLOCK_SET) {
      const offMs = Number(text.replace(/\D/g, "")) * 1_000 * (text.startsWith("back") ? -1 : 1);
      this.offClocks.push({ from, to: Date.now(), why: text, offMs });
    }
    if (part !== "disk") return;
    this.#settling = setTimeout(() => {
      this.#fullSince = null;
    }, DISK_SETTLED_MS);
  }

  stop(): void {
    clearInterval(this.#looking);
    clearTimeout(this.#settling);
  }
}
