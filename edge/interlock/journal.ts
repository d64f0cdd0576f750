import type { DocumentEvent, InterlockCause } from "../core/event.ts";
import {
  CHAIN_START,
  type ChainHead,
  type InterlockMemory,
  type InterlockRule,
  type Interlocks,
} from "../core/interlock.ts";
import type { Clock, WallMs } from "../core/time.ts";
import { type Chained, linked, type Unlinked } from "./chain.ts";
import type { Turn } from "./state.ts";

export type JournalParts = {
  readonly clock: Clock;
  readonly rules: readonly InterlockRule[];
  /** What is remembered of interlocks, or null. */
  readonly remembered: Interlocks | null;
  /** A text that no other gateway or buffer gives. */
  readonly newOrigin: () => string;
  readonly unitOf: (point: string) => string | null;
  /** Something joined the chain; with all that is to be remembered from now on. */
  readonly onEvent: (event: Chained, interlocks: Interlocks) => void;
};

/** A document as whoever made it tells of it. */
export type MadeDocument = Pick<DocumentEvent, "document" | "number" | "sha256" | "who">;

/**
 * Tells what interlocks do, each event with its trip's key, and which documents were made: every
 * event with its place in the chain.
 */
export class Journal {
  readonly #parts: JournalParts;
  /** What is to be kept of every rule there is. */
  readonly #memories: () => readonly InterlockMemory[];
  readonly #origin: string;
  /** Of interlocks that are no more: should one come back, its trips are counted on. */
  readonly #gone: readonly InterlockMemory[];
  #chain: ChainHead;

  constructor(parts: JournalParts, memories: () => readonly InterlockMemory[]) {
    const { remembered, rules, newOrigin } = parts;
    this.#parts = parts;
    this.#memories = memories;
    this.#chain = remembered?.chain ?? CHAIN_START;
    this.#origin = remembered?.origin ?? newOrigin();
    const names = new Set(rules.map(({ name }) => name));
    const gone = remembered?.memories.filter(({ interlock }) => !names.has(interlock)) ?? [];
    this.#gone = gone.map((memory) => ({ ...memory, state: "idle" }));
  }

  /** The key of trip `number` of `interlock`; null of none. */
  keyOf(interlock: string, number: number): string | null {
    return number === 0 ? null : `${interlock}/${this.#origin}/${number}`;
  }

  /** The interlock of `rule` has taken `whole` at wall time `at`. */
  turned(rule: InterlockRule, whole: Turn, at: WallMs): void {
    const { until, trip, ...turn } = whole;
    const { clock, unitOf } = this.#parts;
    const point = rule.write;
    this.#link({
      kind: "interlock",
      interlock: rule.name,
      point,
      ...turn,
      trip: this.keyOf(rule.name, trip ?? 0),
      unit: unitOf(turn.by !== null && turn.by === rule.deadMan?.point ? turn.by : point),
      ...(until !== undefined && { until: (at + (until - clock.uptime())) as WallMs }),
      at,
      clock: clock.state(),
    });
  }

  /** An interlock that was doing something is no more, or is about another output or value. */
  forgot({ interlock, state, trip, basis }: InterlockMemory): void {
    const { clock, unitOf } = this.#parts;
    this.#link({
      kind: "interlock",
      interlock,
      point: basis.write,
      from: state,
      to: "idle",
      cause: "configuration" satisfies InterlockCause,
      by: null,
      trip: this.keyOf(interlock, trip),
      value: null,
      readBack: null,
      unit: unitOf(basis.write),
      at: clock.now(),
      clock: clock.state(),
    });
  }

  /** A document was made. */
  made({ document, number, sha256, who }: MadeDocument): void {
    const { clock } = this.#parts;
    const [at, state] = [clock.now(), clock.state()];
    this.#link({ kind: "document", document, number, sha256, who, at, clock: state });
  }

  #link(event: Unlinked): void {
    const whole = linked(event, this.#chain);
    const { n, hash } = whole.chain;
    this.#chain = { n, hash };
    const memories = [...this.#memories(), ...this.#gone];
    this.#parts.onEvent(whole, { origin: this.#origin, chain: this.#chain, memories });
  }
}
