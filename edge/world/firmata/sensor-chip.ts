import { setTimeout as sleep } from "node:timers/promises";
import type five from "johnny-five";
import type { ChipQuantity, SensorChip } from "../../core/board.ts";
import { ChipError, type I2cWires } from "./i2c.ts";

/** johnny-five, which takes 20 MB: loaded only where it is needed. */
export type JohnnyFive = typeof five;

const ID = 0xd0;
const MEASURE = 0xf4;
const DATA = 0xf7;

/** How each chip is known, and what johnny-five sets it to (Bosch BST-BMP280-DS001, BST-BME280-DS002). */
const CHIPS = {
  bmp280: { controller: "BMP280", ids: [0x56, 0x57, 0x58], measure: 0x3f, count: 6 },
  bme280: { controller: "BME280", ids: [0x60], measure: 0xb7, count: 8 },
} as const;

/** What a chip can measure at all, in the units of `QUANTITY_UNITS`. */
const SPANS: Readonly<Record<ChipQuantity, readonly [number, number]>> = {
  temperature: [-40, 85],
  pressure: [30, 110],
  humidity: [0, 100],
};

/** johnny-five leaves out what a BME280 tells in its first second. */
const START_MS = 1_200;
const START_TRIES = 10;

/** What 20 bits of pressure or temperature hold that were not measured, in their three bytes. */
const UNMEASURED = [0x80, 0, 0];

/** The longest interval there is: its components would else repeat what they know. */
const NEVER_MS = 2_147_483_647;

/** What a component of johnny-five calls of a board's I2C. */
type GuardedIo = {
  i2cConfig(): void;
  i2cWrite(address: number, register: number, value: number): void;
  i2cReadOnce(
    address: number,
    register: number,
    count: number,
    then: (bytes: readonly number[]) => void,
  ): void;
  i2cRead(
    address: number,
    register: number,
    count: number,
    then: (bytes: readonly number[]) => void,
  ): void;
};

/**
 * A sensor chip that johnny-five computes the values of. It never sees the wire: it is given whole
 * answers of the right chip alone, and its values are taken at the moment when one was given.
 */
export class SensorChipReader {
  readonly #five: JohnnyFive;
  readonly #wires: I2cWires;
  readonly #chip: SensorChip;
  readonly #address: number;
  #values: (() => Readonly<Record<ChipQuantity, number>>) | null = null;
  #take: ((bytes: readonly number[]) => void) | null = null;
  /** What went wrong while johnny-five set the chip up. */
  #trouble: unknown = null;

  constructor(five: JohnnyFive, wires: I2cWires, chip: SensorChip, address: number) {
    this.#five = five;
    this.#wires = wires;
    this.#chip = chip;
    this.#address = address;
  }

  /** Every quantity of the chip, measured. Rejects with `ChipError`; the next call begins anew. */
  async read(): Promise<Readonly<Record<ChipQuantity, number>>> {
    try {
      if (this.#values === null) await this.#start();
      await this.#checkSettings();
      return await this.#measure();
    } catch (error) {
      this.#values = null;
      throw error;
    }
  }

  async #start(): Promise<void> {
    await this.#identify();
    this.#take = null;
    this.#trouble = null;
    const board = { io: this.#guardedIo(), register: [], pins: { type: "UNO" } };
    const { controller } = CHIPS[this.#chip];
    const options = { board, controller, address: this.#address, freq: NEVER_MS };
    const thermometer = new this.#five.Thermometer(options);
    const barometer = new this.#five.Barometer(options);
    const hygrometer = this.#chip === "bme280" ? new this.#five.Hygrometer(options) : null;
    await sleep(START_MS);
    for (let tries = 0; this.#take === null && tries < START_TRIES; tries++) {
      if (this.#trouble !== null) throw this.#trouble;
      await sleep(START_MS / START_TRIES);
    }
    if (this.#take === null) throw new ChipError("no-answer");
    await sleep(START_MS);
    this.#values = () => ({
      temperature: thermometer.celsius,
      pressure: barometer.pressure,
      humidity: hygrometer?.relativeHumidity ?? 0,
    });
  }

  async #identify(): Promise<void> {
    const [id = 0] = await this.#wires.read(this.#address, ID, 1);
    if (!(CHIPS[this.#chip].ids as readonly number[]).includes(id)) {
      throw new ChipError("other-chip");
    }
  }

  /** A chip that was without power does not measure, and tells the same for ever. */
  async #checkSettings(): Promise<void> {
    await this.#identify();
    const [measure] = await this.#wires.read(this.#address, MEASURE, 1);
    if (measure !== CHIPS[this.#chip].measure) throw new ChipError("not-measuring");
  }

  async #measure(): Promise<Readonly<Record<ChipQuantity, number>>> {
    const bytes = await this.#wires.read(this.#address, DATA, CHIPS[this.#chip].count);
    if (isUnmeasured(bytes)) throw new ChipError("not-measuring");
    this.#take?.(bytes);
    const values = this.#values?.();
    if (values === undefined) throw new ChipError("not-measuring");
    return values;
  }

  #guardedIo(): GuardedIo {
    const wires = this.#wires;
    return {
      i2cConfig: () => {},
      i2cWrite: (address, register, value) => wires.write(address, [register, value]),
      i2cReadOnce: (address, register, count, then) => {
        // Nothing guards these bytes, which hold for as long as the chip does: they are read twice.
        void Promise.all([1, 2].map(() => wires.read(address, register, count))).then(
          ([first = [], second = []]) => {
            const isSame = first.every((byte, i) => byte === second[i]);
            if (isSame && !isBlank(first)) then(first);
            else this.#trouble = new ChipError("no-answer");
          },
          (error) => {
            this.#trouble = error;
          },
        );
      },
      i2cRead: (_address, _register, _count, then) => {
        this.#take = then;
      },
    };
  }
}

/** Whether `value` is one that the chips can measure. */
export function isWithinSpan(quantity: ChipQuantity, value: number): boolean {
  const [low, high] = SPANS[quantity];
  return value >= low && value <= high;
}

/** Whether pressure, temperature or humidity was not measured. */
function isUnmeasured(bytes: readonly number[]): boolean {
  const parts = [bytes.slice(0, 3), bytes.slice(3, 6), bytes.slice(6)];
  return parts.some((part) => part.length > 0 && part.every((byte, i) => byte === UNMEASURED[i]));
}

/** Whether no chip drives the wire, or holds it down, in a block of several bytes. */
function isBlank(bytes: readonly number[]): boolean {
  return bytes.length > 1 && bytes.every((byte) => byte === bytes[0]);
}
