import { type EEPROMBackend, eepromConfig } from "avr8js";
import { Random } from "../sim/random.ts";
import type { I2cDevice } from "./i2c.ts";

const FLASH_BYTES = 32_768;
const EEPROM_BYTES = 1024;
const BLANK = 0xff;
const FOR_EVER = 1e15;

/** What a chip stands in, and what of it outlives a reset: memory, voltages, time. */
export class Outside implements EEPROMBackend {
  readonly flash = new Uint8Array(FLASH_BYTES).fill(BLANK);
  readonly eeprom = new Uint8Array(EEPROM_BYTES).fill(BLANK);
  /** At A0 to A5. */
  readonly volts = [0, 0, 0, 0, 0, 0];
  supplyV = 5;
  bandgapV = 1.1;
  celsius = 25;
  /** What hangs on the I2C wires, A4 and A5. */
  readonly i2c = new Set<I2cDevice>();
  /** Conversions that begin while this holds never end, until the converter is turned off. */
  isAdcDead = false;
  /** Characters go out and never come to an end while this holds. */
  isTransmitterStuck = false;
  /** Since the beginning, over all resets. */
  cycles = 0;
  /** Called when a byte of the EEPROM has been written. */
  onEepromWrite: ((address: number) => void) | null = null;
  #isEepromStuck = false;
  readonly #random = new Random(328);

  /** Whether writing the EEPROM never ends; holds from the next reset on. */
  set isEepromStuck(isStuck: boolean) {
    this.#isEepromStuck = isStuck;
  }

  get eepromTimes() {
    return this.#isEepromStuck
      ? { writeCycles: FOR_EVER }
      : { writeCycles: eepromConfig.writeCycles };
  }

  /** In [0, 1), of one step of the converter. */
  noise(): number {
    return this.#random.next();
  }

  fillByChance(memory: Uint8Array): void {
    for (let i = 0; i < memory.length; i++) memory[i] = Math.floor(this.#random.next() * 256);
  }

  readMemory(address: number): number {
    return this.eeprom[address] ?? BLANK;
  }

  writeMemory(address: number, value: number): void {
    this.eeprom[address] = (this.eeprom[address] ?? BLANK) & value;
    this.onEepromWrite?.(address);
  }

  eraseMemory(address: number): void {
    this.eeprom[address] = BLANK;
  }
}
