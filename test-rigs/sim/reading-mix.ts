import type { Batch } from "../../edge/core/batch.ts";
import type { Quality, Reading } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { batchOf } from "./batch-of.ts";
import { Random } from "./random.ts";

const POINTS = 1_000;
/** The points of one device are read together. */
const POINTS_PER_DEVICE = 10;
const DEVICES = POINTS / POINTS_PER_DEVICE;
const GOOD: Quality = "good";
/** How late a reading comes on its grid at most, in milliseconds. */
const JITTER_MS = 3;

/**
 * Readings as a city block gives them: 1,000 points of 100 devices, each once a second. Half are
 * quantised to 0.1 and drift by a few steps, half are float32 random walks, by turns within each
 * device. A device is read on a grid of its own, by a few milliseconds late.
 */
export class ReadingMix {
  readonly #random: Random;
  readonly #offsets: readonly number[];
  readonly #values: number[];
  #second = 0;

  constructor(seed = 1) {
    this.#random = new Random(seed);
    this.#offsets = Array.from({ length: DEVICES }, () => this.#random.integer(0, 990));
    this.#values = Array.from({ length: POINTS }, () => this.#random.between(1, 100));
  }

  /** The batch of the next `seconds` seconds: 1,000 readings each. */
  next(seconds: number): Batch {
    const readings = Array.from({ length: seconds }, () => this.#readOnce()).flat();
    return batchOf(readings, "synced", unitOf);
  }

  #readOnce(): Reading[] {
    const start = 1_763_964_000_000 + this.#second++ * 1000;
    const order = this.#offsets.map((offset, device) => ({ offset, device }));
    return order
      .toSorted((a, b) => a.offset - b.offset)
      .flatMap(({ offset, device }) => {
        const at = (start + offset + this.#random.integer(0, JITTER_MS)) as WallMs;
        return Array.from({ length: POINTS_PER_DEVICE }, (_, index) =>
          this.#read(device, index, at),
        );
      });
  }

  #read(device: number, index: number, at: WallMs): Reading {
    const place = device * POINTS_PER_DEVICE + index;
    const isQuantised = index % 2 === 0;
    const before = this.#values[place] ?? 0;
    const step = isQuantised ? this.#random.integer(-2, 2) / 10 : this.#random.between(-0.1, 0.1);
    const moved = before + step;
    // No sensor tells -0.
    const value = (isQuantised ? Math.round(moved * 10) / 10 : Math.fround(moved)) + 0;
    this.#values[place] = value;
    return {
      point: pointOf(device, index),
      value,
      quality: GOOD,
      at,
      uptime: at as number as UptimeMs,
    };
  }
}

function pointOf(device: number, index: number): string {
  return `device-${device}.point-${index}`;
}

function unitOf(point: string): string {
  return Number(point.at(-1)) % 2 === 0 ? "Cel" : "kPa";
}
