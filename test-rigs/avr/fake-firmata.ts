import { EventEmitter } from "node:events";
import type { Firmata } from "firmata-io";
import type { I2cDevice } from "./i2c.ts";

/** What reads from wires that nobody drives. */
const UNDRIVEN = 0xff;

/**
 * firmata-io as far as I2C goes, with chips on it and no board between: what it does with too few
 * bytes is what StandardFirmata 2.5 does.
 */
export class FakeFirmata extends EventEmitter {
  readonly chips = new Set<I2cDevice>();
  /** Every read so far: address, register, count. */
  readonly reads: string[] = [];
  /** Answers with one byte less while this holds. */
  isShort = false;
  /** Answers nothing at all while this holds. */
  isMute = false;

  /** As the gateway's code takes it. */
  get io(): Firmata {
    return this as unknown as Firmata;
  }

  i2cConfig(): void {}

  i2cWrite(address: number, bytes: readonly number[]): void {
    const chip = this.#at(address);
    chip?.begin();
    for (const byte of bytes) chip?.write(byte);
  }

  i2cReadOnce(
    address: number,
    register: number,
    count: number,
    then: (bytes: readonly number[]) => void,
  ): void {
    this.reads.push(`${address} ${register} ${count}`);
    this.once(`I2C-reply-${address}-${register}`, then);
    if (this.isMute) return;
    setImmediate(() => this.answer(address, register, count));
  }

  /** Answers a read, be it one that nobody waits for any more. */
  answer(address: number, register: number, count: number): void {
    const chip = this.#at(address);
    this.i2cWrite(address, [register]);
    chip?.begin();
    const length = chip === undefined ? 0 : count - (this.isShort ? 1 : 0);
    if (length < count) this.emit("string", "I2C: Too few bytes received");
    const bytes = Array.from({ length }, () => chip?.read() ?? UNDRIVEN);
    this.emit(`I2C-reply-${address}-${register}`, bytes);
  }

  #at(address: number): I2cDevice | undefined {
    return [...this.chips].find((chip) => chip.address === address);
  }
}
