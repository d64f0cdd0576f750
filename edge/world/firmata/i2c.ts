import type { Firmata } from "firmata-io";
import type { BoardFault } from "../../core/board.ts";

/** A board answers within milliseconds what it can answer at all. */
const ANSWER_MS = 1_000;
/** After a missing answer nothing is asked for so long: it might still come, and looks like the next. */
const HOLD_MS = 2_000;

/** Why a chip has no value. */
export class ChipError extends Error {
  readonly fault: BoardFault;

  constructor(fault: BoardFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The I2C wires of a board: one question at a time, so that each answer is that to the last one. */
export class I2cWires {
  readonly #io: Firmata;
  #isTooFew = false;
  /** Resolves when the wires are free. */
  #free: Promise<unknown> = Promise.resolve();

  constructor(io: Firmata) {
    this.#io = io;
    io.i2cConfig({ delay: 0 });
    io.on("string", (text: string) => {
      if (text.startsWith("I2C: Too few bytes")) this.#isTooFew = true;
    });
  }

  /** Sends `bytes` to a chip; that nobody takes them shows when it is read. */
  write(address: number, bytes: readonly number[]): void {
    this.#io.i2cWrite(address, bytes);
  }

  /** `count` bytes from `register` on. Rejects with `ChipError` `no-answer`. */
  read(address: number, register: number, count: number): Promise<readonly number[]> {
    const answer = this.#free.then(() => this.#ask(address, register, count));
    this.#free = answer.catch(() => {});
    return answer;
  }

  async #ask(address: number, register: number, count: number): Promise<readonly number[]> {
    this.#isTooFew = false;
    const { promise, resolve } = Promise.withResolvers<readonly number[] | null>();
    const late = setTimeout(() => resolve(null), ANSWER_MS);
    this.#io.i2cReadOnce(address, register, count, resolve);
    const bytes = await promise;
    clearTimeout(late);
    if (bytes === null) {
      this.#io.removeAllListeners(`I2C-reply-${address}-${register}`);
      await new Promise((held) => setTimeout(held, HOLD_MS));
    }
    // StandardFirmata tells that bytes are missing before it sends those that are there.
    if (bytes?.length !== count || this.#isTooFew) throw new ChipError("no-answer");
    if (bytes.some((byte) => byte > 255)) throw new ChipError("no-answer");
    return bytes;
  }
}
