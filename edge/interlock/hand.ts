import type { InterlockRule } from "../core/interlock.ts";
import type { Clock } from "../core/time.ts";
import { isWellInTime } from "../patience.ts";
import { carryOut, type Ended, type Output } from "./output.ts";
import { type Command, goalValue, type InterlockState } from "./state.ts";

export type HandParts = {
  readonly clock: Clock;
  /** Resolves true once all that was told so far is stored; false when it never will be. */
  readonly whenStored: () => Promise<boolean>;
  /** A command of an interlock is begun: its output is told `told`. */
  readonly onBegun: (rule: InterlockRule, told: boolean | number) => void;
  /** A command has ended that nothing else took the place of. */
  readonly onEnded: (rule: InterlockRule, command: Command, ended: Ended) => void;
  /** The program has made a mistake. */
  readonly onDied: (error: unknown) => void;
  /** Whether nothing more is to be done about a command. */
  readonly isOff: (rule: InterlockRule, command: Command) => boolean;
};

/** What comes of a command that was not recorded as it must be. */
const UNRECORDED: Ended = {
  outcome: { kind: "failed", reason: "not-stored", readBack: null },
  attempts: 0,
  tookMs: 0,
};

/** Has outputs be what interlocks want. */
export class Hand {
  readonly #parts: HandParts;

  constructor(parts: HandParts) {
    this.#parts = parts;
  }

  /** Carries `command` out: its first request is with the bus when this returns. */
  act(rule: InterlockRule, output: Output, state: InterlockState, command: Command): void {
    this.#follow(rule, command, this.#begin(rule, output, state, command));
  }

  /** Likewise once all that was told is stored; not at all where the command would expire before. */
  actOnceStored(
    rule: InterlockRule,
    output: Output,
    state: InterlockState,
    command: Command,
  ): void {
    const ended = this.#isStored(rule).then((isStored) =>
      isStored ? this.#begin(rule, output, state, command) : UNRECORDED,
    );
    this.#follow(rule, command, ended);
  }

  async #isStored({ expiryMs }: InterlockRule): Promise<boolean> {
    const { clock, whenStored } = this.#parts;
    const stored = whenStored();
    return await isWellInTime(stored, expiryMs, clock);
  }

  #begin(
    rule: InterlockRule,
    output: Output,
    state: InterlockState,
    command: Command,
  ): Promise<Ended> {
    const { clock, onBegun, isOff } = this.#parts;
    const value = goalValue(rule, state, command.goal) as boolean | number;
    onBegun(rule, value);
    const { isCheck } = command;
    return carryOut(output, { value, isCheck, rule, isOff: () => isOff(rule, command) }, clock);
  }

  #follow(rule: InterlockRule, command: Command, ended: Promise<Ended>): void {
    const { isOff, onEnded, onDied } = this.#parts;
    ended.then((what) => {
      if (!isOff(rule, command)) onEnded(rule, command, what);
    }, onDied);
  }
}
