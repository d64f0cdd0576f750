import type { I2cDevice } from "./i2c.ts";

const ID = 0xd0;
const RESET = 0xe0;
const STATUS_FIRST = 0xf2;
const MEASURE = 0xf4;
const DATA = 0xf7;
const NORMAL_MODE = 3;

/**
 * The example of the BMP280's data sheet (BST-BMP280-DS001, 8.1): these coefficients and these
 * conversions are 25.08 Cel and 100653 Pa.
 */
const COEFFICIENTS = [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000];
export const EXAMPLE = { pressure: 415_148, temperature: 519_888 } as const;

/** What its data registers hold before it has measured. */
const UNMEASURED = 0x80000;

/** A BMP280 or a BME280: its registers, and what they hold while it measures. */
export class BoschChip implements I2cDevice {
  readonly address: number;
  /** What the converter tells: 20 bits each, and 16 of humidity. */
  codes: Readonly<Record<"pressure" | "temperature" | "humidity", number>> = {
    ...EXAMPLE,
    humidity: 0x6e00,
  };
  readonly #id: number;
  readonly #memory = new Uint8Array(256);
  #at = 0;
  #isFirst = true;

  constructor(address: number, id: number) {
    this.address = address;
    this.#id = id;
    this.powerUp();
  }

  /** It begins anew and forgets what it was set to: it sleeps. */
  powerUp(): void {
    this.#memory.fill(0);
    this.#memory[ID] = this.#id;
    COEFFICIENTS.forEach((value, i) => {
      this.#memory[0x88 + 2 * i] = value & 0xff;
      this.#memory[0x89 + 2 * i] = (value >> 8) & 0xff;
    });
    // H1 to H6 of a BME280 as one was sold.
    this.#memory[0xa1] = 75;
    this.#memory.set([0x6a, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1e], 0xe1);
  }

  begin(): void {
    this.#isFirst = true;
    this.#hold();
  }

  write(byte: number): void {
    if (this.#isFirst) this.#at = byte;
    else if (this.#at === RESET) this.powerUp();
    else if (this.#at >= STATUS_FIRST && this.#at < DATA) this.#memory[this.#at] = byte;
    this.#isFirst = false;
  }

  read(): number {
    const byte = this.#memory[this.#at] as number;
    this.#at = (this.#at + 1) & 0xff;
    return byte;
  }

  /** Puts into the data registers what is measured now. */
  #hold(): void {
    const isMeasuring = ((this.#memory[MEASURE] as number) & NORMAL_MODE) === NORMAL_MODE;
    const { pressure, temperature, humidity } = this.codes;
    const of = (code: number) => (isMeasuring ? code : UNMEASURED) << 4;
    const bytes = [of(pressure), of(temperature)].flatMap((word) => {
      return [(word >> 16) & 0xff, (word >> 8) & 0xff, word & 0xff];
    });
    const wet = isMeasuring ? humidity : 0x8000;
    this.#memory.set([...bytes, wet >> 8, wet & 0xff], DATA);
  }
}
