import type { GatewayConfig } from "../../config/gateway-config.ts";
import { type Health, isHealthy } from "../command/health.ts";
import { isRestartDue, type LoopHealth } from "../core/progress.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { HEALTH_ERRORS } from "../core/update-errors.ts";

/** Why a candidate does not do well, as a code of the error table. */
export type HealthCode = keyof typeof HEALTH_ERRORS;

/** What did well before a release was exchanged, as the release before left it. */
export type Before = Health & {
  /** Whether the buffer took what was to be stored. */
  readonly isStoring: boolean;
};

/** What is seen of a candidate at one moment. */
export type Look = {
  readonly at: UptimeMs;
  readonly loops: readonly LoopHealth[];
  readonly health: Health;
  /** Whether the buffer has taken something, and takes it still. */
  readonly isStoring: boolean;
  /** Whether the database that was there could not be gone on with. */
  readonly isSetAside: boolean;
  readonly residentBytes: number;
  /** Whether there is a way out of this machine. */
  readonly hasNetwork: boolean;
};

/** By what a candidate is judged. */
export type Yardstick = {
  /** Null where the release before left nothing. */
  readonly before: Before | null;
  readonly config: Pick<GatewayConfig, "buses" | "destinations">;
  /** How long it must do well, in milliseconds. */
  readonly windowMs: number;
  /** The most memory that the process may take, in bytes. */
  readonly memoryMaxBytes: number;
};

/** What was seen of a candidate so far. */
export type Seen = {
  readonly begun: UptimeMs;
  /** Since when all that is to be so at the end has been so; null while it is not. */
  readonly wellSince: UptimeMs | null;
  /** The destinations that were reached. */
  readonly reached: readonly string[];
  /** How often it was looked at, and how often there was no way out then. */
  readonly looks: number;
  readonly offline: number;
  readonly memory: readonly { readonly at: UptimeMs; readonly bytes: number }[];
};

/** What a candidate is found to be; `detail` says more of why. */
export type Judged =
  | { readonly kind: "healthy"; readonly reason: "online" | "offline" }
  | { readonly kind: "unhealthy"; readonly reason: HealthCode; readonly detail: string };

/** So long it must do well without a break at the end, in milliseconds. */
const STABLE_MS = 10_000;
/** What it is given beyond its window where just then something is not well, in milliseconds. */
const GRACE_MS = 30_000;
/** A process at so much of what it may take is about to be ended. */
const FULL = 0.95;
/** How far ahead growth is thought on, in milliseconds. */
const AHEAD_MS = 30 * 60_000;
/** Less growth than this part of what it may take, within the window, is no leak. */
const LEAK = 0.1;

/** A candidate that begins at `at`. */
export function nothingSeen(at: UptimeMs): Seen {
  return { begun: at, wellSince: null, reached: [], looks: 0, offline: 0, memory: [] };
}

/** What is known of a candidate with one more `look`. */
export function seenWith(seen: Seen, look: Look, yardstick: Yardstick): Seen {
  const isWell = missing(look, yardstick) === null;
  const fresh = look.health.destinations.filter((name) => !seen.reached.includes(name));
  return {
    begun: seen.begun,
    wellSince: isWell ? (seen.wellSince ?? look.at) : null,
    reached: [...seen.reached, ...fresh],
    looks: seen.looks + 1,
    offline: seen.offline + (look.hasNetwork ? 0 : 1),
    memory: [...seen.memory, { at: look.at, bytes: look.residentBytes }],
  };
}

/**
 * What a candidate is found to be at `look`, the last of what was `seen`; null where it is too early
 * to tell. What the release before did not have is not asked of it.
 */
export function judged(seen: Seen, look: Look, yardstick: Yardstick): Judged | null {
  const sure = fault(look, yardstick);
  if (sure !== null) return sure;
  const end = after(seen.begun, yardstick.windowMs);
  if (look.at < end) return null;
  const isStable = seen.wellSince !== null && look.at >= after(seen.wellSince, STABLE_MS);
  if (!isStable) {
    const why = missing(look, yardstick);
    const isOver = look.at >= after(end, GRACE_MS);
    return isOver ? (why ?? unhealthy("update.unsteady", "it does well and does not")) : null;
  }
  return leak(seen, yardstick) ?? reachOf(seen, yardstick);
}

/** What is wrong for certain, whenever it is seen. */
function fault(look: Look, { memoryMaxBytes, before }: Yardstick): Judged | null {
  if (isRestartDue(look.loops)) {
    const hung = look.loops.filter(({ state }) => state === "hung").map(({ name }) => name);
    return unhealthy("update.loop-hung", hung.join(", "));
  }
  if (look.isSetAside && before?.isStoring !== false) {
    return unhealthy("update.buffer", "the buffer that was there could not be gone on with");
  }
  if (look.residentBytes < memoryMaxBytes * FULL) return null;
  return unhealthy("update.memory", `${megabytes(look.residentBytes)} of memory are taken`);
}

/** What is to be so at the end, and is not. */
function missing({ health, isStoring }: Look, { before, config }: Yardstick): Judged | null {
  if (!isStoring && before?.isStoring !== false) {
    return unhealthy("update.buffer", "the buffer takes nothing");
  }
  // Nobody knows what did well: then something must.
  const buses = before?.buses ?? (health.buses.length > 0 ? [] : config.buses.map(nameOf));
  const lost = buses.filter((name) => !health.buses.includes(name));
  const asked = { buses, destinations: [] };
  if (isHealthy(asked, { ...health, destinations: [] }, config)) return null;
  return unhealthy("update.bus-lost", lost.join(", "));
}

/**
 * Whether destinations were reached as before. A line that comes and goes is no fault of a release:
 * once in its window is enough, and nothing is asked where there was no way out for most of it.
 */
function reachOf({ reached, looks, offline }: Seen, { before, config }: Yardstick): Judged {
  const configured = config.destinations.map(nameOf);
  const owed = (before?.destinations ?? []).filter((name) => configured.includes(name));
  const lost = owed.filter((name) => !reached.includes(name));
  if (lost.length === 0) {
    return { kind: "healthy", reason: reached.length > 0 ? "online" : "offline" };
  }
  if (offline * 2 > looks) return { kind: "healthy", reason: "offline" };
  return unhealthy("update.destination-lost", lost.join(", "));
}

/** Memory that only ever grows, and so fast that it will be all there is. */
function leak({ memory }: Seen, { memoryMaxBytes }: Yardstick): Judged | null {
  const quarter = Math.floor(memory.length / 4);
  if (quarter < 2) return null;
  // The first quarter is the start; of the others what was the least, which the collector leaves.
  const least = [1, 2, 3].map((n) => {
    const part = memory.slice(n * quarter, (n + 1) * quarter);
    return part.reduce((min, each) => (each.bytes < min.bytes ? each : min));
  });
  const [first, middle, last] = least;
  if (first === undefined || middle === undefined || last === undefined) return null;
  const grown = last.bytes - first.bytes;
  const isRising = first.bytes < middle.bytes && middle.bytes < last.bytes;
  if (!isRising || grown < memoryMaxBytes * LEAK) return null;
  const perMs = grown / (last.at - first.at);
  if (last.bytes + perMs * AHEAD_MS < memoryMaxBytes) return null;
  const perMinute = megabytes(perMs * 60_000);
  return unhealthy("update.memory", `it grows by ${perMinute} a minute`);
}

function unhealthy(reason: HealthCode, detail: string): Judged {
  return { kind: "unhealthy", reason, detail };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
