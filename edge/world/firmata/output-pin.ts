import type { Firmata } from "firmata-io";
import type { BoardAnswer } from "../../core/board.ts";

/**
 * Sets one pin and leaves the others of its port alone (Firmata protocol 2.5, set digital pin
 * value): of those a process that has just begun does not know what they are.
 */
const SET_PIN = 0xf5;
/** A board takes a few milliseconds; what was lost on the way is asked for anew. */
const ANSWER_MS = 500;

/** A board may be busy when it is opened: so often it is asked what its pin is before that is set. */
const FIRST_TRIES = 3;

/** What an output needs of its board. */
export type OutputWires = {
  readonly io: Firmata;
  readonly send: (bytes: Uint8Array) => void;
  /** Called where the board does not drive the pin any more: it has forgotten what it was told. */
  readonly onWrongMode: () => void;
};

/**
 * A pin that the board drives. What it is, is what the firmware says that it drives (pin state
 * query): that it was told and goes on doing it, not what hangs on the pin.
 */
export class OutputPin {
  readonly #wires: OutputWires;
  readonly #pin: number;
  readonly #begun: Promise<unknown>;
  /** Whoever waits for one answer would take another's for it: they are asked one by one. */
  #turn: Promise<unknown> = Promise.resolve();

  /** The pin becomes an output, low; one that is an output already stays as it is. */
  constructor(wires: OutputWires, pin: number) {
    this.#wires = wires;
    this.#pin = pin;
    this.#begun = this.#begin();
  }

  /** Has the pin be at `level`, 0 or 1, unless `isOver` by then, and looks at it. Never rejects. */
  async drive(level: number, isOver = () => false): Promise<BoardAnswer> {
    await this.#begun;
    if (isOver()) return { kind: "none", fault: "no-answer" };
    this.#wires.send(Uint8Array.of(SET_PIN, this.#pin, level));
    return await this.look();
  }

  /** What the board says that it drives the pin with. Never rejects. */
  async look(): Promise<BoardAnswer> {
    await this.#begun;
    if (!(await this.#ask())) return { kind: "none", fault: "no-answer" };
    const { io, onWrongMode } = this.#wires;
    const { mode, state } = io.pins[this.#pin] ?? {};
    if (mode === io.MODES.OUTPUT && state !== undefined) return { kind: "level", level: state };
    onWrongMode();
    return { kind: "none", fault: "not-measuring" };
  }

  async #begin(): Promise<void> {
    const { io } = this.#wires;
    let isAnswered = false;
    for (let tries = 0; tries < FIRST_TRIES && !isAnswered; tries++) isAnswered = await this.#ask();
    if (isAnswered && io.pins[this.#pin]?.mode === io.MODES.OUTPUT) return;
    // An output that is made one falls to low.
    io.pinMode(this.#pin, io.MODES.OUTPUT);
  }

  /** Whether the board told the pin's state. */
  async #ask(): Promise<boolean> {
    const asked = this.#turn.then(() => this.#query());
    this.#turn = asked;
    return await asked;
  }

  #query(): Promise<boolean> {
    const { io } = this.#wires;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => {
      io.removeAllListeners(`pin-state-${this.#pin}`);
      resolve(false);
    }, ANSWER_MS);
    io.queryPinState(this.#pin, () => {
      clearTimeout(timer);
      resolve(true);
    });
    return promise;
  }
}
