import type { BusConfig, GatewayConfig } from "../../../config/gateway-config.ts";
import type { Batch } from "../../core/batch.ts";
import type { Event } from "../../core/event.ts";
import { isBad } from "../../core/reading.ts";
import { after, type UptimeMs } from "../../core/time.ts";
import type { Catalog } from "./catalog.ts";

/**
 * So long a device that has fallen silent is still spoken of as living, in milliseconds: what it told
 * before is stored with the next group commit, and belongs before its death.
 */
const LAST_WORDS_MS = 2_000;

/** A device is known to answer, known not to, or has told nothing yet. */
type Life =
  | { readonly kind: "unknown" | "alive" }
  /** `since` in wall time; what was read later than that brings it back. */
  | { readonly kind: "dead"; readonly since: number; readonly buriedAt: UptimeMs };

type ConfigPart = Pick<GatewayConfig, "devices" | "talkers" | "boards"> & {
  readonly buses: readonly Pick<BusConfig, "name">[];
};

/** Which devices answer, by what has become durable: events, and what was read. */
export class Liveness {
  readonly #catalog: Catalog;
  readonly #lives = new Map<string, Life>();
  /** The devices on each bus. */
  readonly #onBus = new Map<string, string[]>();

  constructor(config: ConfigPart, catalog: Catalog) {
    this.#catalog = catalog;
    for (const { name, bus } of [...config.devices, ...config.talkers, ...config.boards]) {
      this.#onBus.set(bus, [...(this.#onBus.get(bus) ?? []), name]);
    }
  }

  /** A device falls silent or answers again, or its bus is lost. */
  noteEvent(event: Event, now: UptimeMs): void {
    if (event.kind === "device" && event.to === "silent") this.#die(event.subject, event.at, now);
    if (event.kind === "device" && event.from === "silent") this.#live(event.subject);
    if (event.kind !== "bus" || event.to !== "closed") return;
    for (const device of this.#onBus.get(event.subject) ?? []) this.#die(device, event.at, now);
  }

  /** What has a value was told by a device that answers. */
  noteBatch({ at, series }: Batch): void {
    for (const { point, t, q } of series) {
      const device = this.#catalog.points.get(point)?.device;
      if (device === undefined) continue;
      const life = this.#lives.get(device);
      if (life?.kind === "alive") continue;
      const since = life?.kind === "dead" ? life.since : -Infinity;
      const isTold = t.some((each, index) => at + each > since && !isBad(q?.[index] ?? "good"));
      if (isTold) this.#live(device);
    }
  }

  /** Whether `device` is to be spoken of as living at `now`. */
  isAlive(device: string, now: UptimeMs): boolean {
    const life = this.#lives.get(device);
    return life?.kind === "alive" || (life?.kind === "dead" && now < life.buriedAt);
  }

  /** When the next device that has fallen silent is to be spoken of as dead; null for none. */
  nextEnd(now: UptimeMs): UptimeMs | null {
    const lives = [...this.#lives.values()];
    const ends = lives.map((life) => (life.kind === "dead" ? life.buriedAt : Infinity));
    const next = Math.min(...ends.filter((at) => at > now));
    return Number.isFinite(next) ? (next as UptimeMs) : null;
  }

  #live(device: string): void {
    this.#lives.set(device, { kind: "alive" });
  }

  #die(device: string, since: number, now: UptimeMs): void {
    const life = this.#lives.get(device);
    if (life?.kind === "dead") return;
    // Who was never heard of has no last words.
    const buriedAt = life === undefined ? now : after(now, LAST_WORDS_MS);
    this.#lives.set(device, { kind: "dead", since, buriedAt });
  }
}
