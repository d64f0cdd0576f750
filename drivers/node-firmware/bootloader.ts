import type { Link } from "../../edge/core/link.ts";
import { after, type Clock } from "../../edge/core/time.ts";
import { answerTo, encodeCommand, type Stk500Command } from "./stk500.ts";

/** A bootloader writes a page within 10 ms; a slow USB driver is given its time. */
const ANSWER_MS = 2000;

/** From DTR to the first answer: a bootloader blinks, then listens for a second. */
const LISTENS_MS = 1500;
const SYNC_EVERY_MS = 150;
/** So long nothing comes any more of answers to the syncs before. */
const QUIET_MS = 120;
const SIGNATURE_MS = 500;
/** The capacitor between DTR and the reset pin is discharged by then. */
const DISCHARGED_MS = 100;

/** Why an exchange came to nothing. */
export type BrokenOff = "ended" | "silent" | "link-closed";

/** A conversation with a bootloader, one command at a time. */
export class Bootloader {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #received: Uint8Array = new Uint8Array(0);
  #isClosed = false;
  #heard: () => void = () => {};

  /** `signal` ends it between two commands. */
  constructor(link: Link, clock: Clock, signal: AbortSignal) {
    this.#link = link;
    this.#clock = clock;
    this.#signal = signal;
    link.onData = (bytes) => {
      this.#received = Uint8Array.of(...this.#received, ...bytes);
      this.#heard();
    };
    void link.closed.then(() => {
      this.#isClosed = true;
      this.#heard();
    });
  }

  /**
   * Resets the board by DTR, where the port has it, and looks for its bootloader. Whether one
   * answers; false also where `signal` aborts. It is believed once it has told the chip's signature:
   * an answer to a sync may be a late one to a sync before.
   */
  async wake(): Promise<boolean> {
    await this.#link.setReady?.(false);
    await this.#clock.sleep(DISCHARGED_MS);
    await this.#link.setReady?.(true);
    const end = after(this.#clock.uptime(), LISTENS_MS);
    while (this.#clock.uptime() < end && !this.#signal.aborted && !this.#isClosed) {
      const heard = await this.ask({ kind: "sync" }, SYNC_EVERY_MS);
      if (typeof heard === "string") continue;
      await this.#quiet();
      const signature = await this.ask({ kind: "signature" }, SIGNATURE_MS);
      if (typeof signature !== "string") return true;
    }
    return false;
  }

  /** The data of the answer to `command`, or why there is none within `timeoutMs`. */
  async ask(command: Stk500Command, timeoutMs = ANSWER_MS): Promise<Uint8Array | BrokenOff> {
    if (this.#isClosed) return "link-closed";
    if (this.#signal.aborted) return "ended";
    this.#received = new Uint8Array(0);
    const timeUp = new AbortController();
    const { promise, resolve } = Promise.withResolvers<Uint8Array | BrokenOff>();
    this.#heard = () => {
      const answer = answerTo(command, this.#received);
      if (answer.kind === "answer") resolve(answer.data);
      else if (this.#isClosed) resolve("link-closed");
    };
    this.#clock.sleep(timeoutMs, timeUp.signal).then(
      () => resolve("silent"),
      () => {},
    );
    this.#link.write(encodeCommand(command));
    const answer = await promise;
    timeUp.abort();
    this.#heard = () => {};
    return answer;
  }

  /** Waits until nothing has come for a while; a board that chatters for ever is not waited for. */
  async #quiet(): Promise<void> {
    const end = after(this.#clock.uptime(), LISTENS_MS);
    let length = -1;
    while (this.#received.length !== length && this.#clock.uptime() < end) {
      length = this.#received.length;
      await this.#clock.sleep(QUIET_MS);
    }
  }
}
