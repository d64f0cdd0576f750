import type { PointConfig } from "../../config/gateway-config.ts";
import { type Area, isBitArea } from "../../edge/core/point.ts";
import type { ModbusDevice } from "../plant/modbus-device.ts";
import { wordsOf } from "../plant/signal.ts";
import { type Course, type Raw, rawOf } from "./signal.ts";

/** A point, and which of its words is meant. */
type Place = { readonly point: PointConfig; readonly offset: number };

/**
 * A Modbus device whose registers are another content in every answer, but for coils and uint16
 * registers that can be written: they are off, or 0, until they are written, and keep what was. It
 * holds exactly its points; all other addresses are illegal.
 */
export class SimDevice implements ModbusDevice {
  readonly unit: number;
  readonly points: readonly PointConfig[];
  readonly names = ["Simulated", "S-1", "1"] as const;
  readonly serverId = "S";
  readonly exceptionStatus = 0x5a;
  readonly #course: Course;
  /** What is at each address: one point, or several that read the same registers. */
  readonly #places = new Map<string, readonly Place[]>();
  readonly #kept = new Map<string, number>();
  /** What the points that were looked at hold in this answer. */
  #raws = new Map<string, Raw>();
  /** Whether it confirms what is written and does not do it. */
  isStuck = false;
  #answers = 0;
  #atMs = 0;

  constructor(unit: number, points: readonly PointConfig[], course: Course) {
    this.unit = unit;
    this.points = points;
    this.#course = course;
    for (const point of points) {
      for (const offset of this.#wordsOf(point, rawOf(point.type, 0, 0)).keys()) {
        const address = `${point.area}:${point.address + offset}`;
        this.#places.set(address, [...(this.#places.get(address) ?? []), { point, offset }]);
      }
    }
  }

  /** The raw value of every point that the latest answer shows something of. */
  get raws(): ReadonlyMap<string, Raw> {
    return this.#raws;
  }

  begin(atMs: number): void {
    this.#answers += 1;
    this.#atMs = atMs;
    this.#raws = new Map();
  }

  read(area: Area, address: number): number | undefined {
    const places = this.#places.get(`${area}:${address}`) ?? [];
    const words = places.map(({ point, offset }) => {
      const raw = this.#raws.get(point.id) ?? this.#rawOf(point);
      this.#raws.set(point.id, raw);
      return this.#wordsOf(point, raw)[offset];
    });
    return words[0];
  }

  /** Whether the coil at `address` is on. */
  isOn(address: number): boolean {
    return this.#kept.get(`coil:${address}`) === 1;
  }

  write(area: "coil" | "holding", address: number, value: number): void {
    if (!this.isStuck) this.#kept.set(`${area}:${address}`, value);
  }

  /** The device lost its supply: what was written is gone. */
  fallBack(): void {
    this.#kept.clear();
  }

  /** Whether a request for `count` places of `area` from `address` on shows all of `point`. */
  covers(point: PointConfig, area: Area, address: number, count: number): boolean {
    const { length } = this.#wordsOf(point, rawOf(point.type, 0, 0));
    const isFrom = point.area === area && point.address >= address;
    return isFrom && point.address + length <= address + count;
  }

  #rawOf({ area, address, type, write }: PointConfig): Raw {
    const kept = this.#kept.get(`${area}:${address}`);
    if (write && isBitArea(area)) return kept === 1;
    if (write && type === "uint16") return kept ?? 0;
    return rawOf(type, this.#course(this.#atMs), this.#answers);
  }

  #wordsOf({ area, address, type, order, length }: PointConfig, raw: Raw): readonly number[] {
    return wordsOf({ area, address, type, order, length, valueAt: () => raw }, raw);
  }
}
