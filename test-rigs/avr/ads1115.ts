import type { I2cDevice } from "./i2c.ts";

/** Data sheet SBAS444, table 8-3. */
const FULL_SCALES = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
const PAIRS = [
  [0, 1],
  [0, 3],
  [1, 3],
  [2, 3],
] as const;
const CONVERSION = 0;
const CONFIG = 1;
const READY = 0x8000;
const AT_POWER_UP = 0x0583;

/** An ADS1115 whose conversions take no time. */
export class Ads1115 implements I2cDevice {
  readonly address: number;
  /** At its four inputs. */
  readonly volts = [0, 0, 0, 0];
  readonly #registers = [0, AT_POWER_UP, 0x8000, 0x7fff];
  #at = 0;
  #count = 0;
  #high = 0;

  constructor(address: number) {
    this.address = address;
  }

  begin(): void {
    this.#count = 0;
  }

  write(byte: number): void {
    if (this.#count === 0) this.#at = byte & 3;
    else if (this.#count === 1) this.#high = byte;
    else this.#set((this.#high << 8) | byte);
    this.#count++;
  }

  read(): number {
    const register = this.#registers[this.#at] as number;
    const word = this.#at === CONFIG ? register | READY : register;
    return this.#count++ % 2 === 0 ? (word >> 8) & 0xff : word & 0xff;
  }

  #set(word: number): void {
    this.#registers[this.#at] = word & ~READY;
    if (this.#at !== CONFIG || !(word & READY)) return;
    const mux = (word >> 12) & 7;
    const [plus, minus] = PAIRS[mux] ?? [mux - 4, null];
    const volts = (this.volts[plus] ?? 0) - (minus === null ? 0 : (this.volts[minus] ?? 0));
    const code = Math.round((volts / (FULL_SCALES[(word >> 9) & 7] as number)) * 32_768);
    this.#registers[CONVERSION] = Math.min(Math.max(code, -32_768), 32_767) & 0xffff;
  }
}
