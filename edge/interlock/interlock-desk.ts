import type { AlarmEvent } from "../core/event.ts";
import { type InterlockRule, pointsOfAlarm } from "../core/interlock.ts";
import type { Progress } from "../core/progress.ts";
import { isBad, type Reading, type Value } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { Standing } from "./alarm-effect.ts";
import { Board } from "./board.ts";
import { readDeadMan } from "./dead-man.ts";
import { Hand, type HandParts } from "./hand.ts";
import { Journal, type JournalParts, type MadeDocument } from "./journal.ts";
import { stepInterlock } from "./machine.ts";
import { isOf, memoryOf, resumedFrom } from "./memory.ts";
import type { InterlockAnswer, InterlockOrder } from "./orders.ts";
import { type Ended, type Output, readBack } from "./output.ts";
import { placedOverride } from "./override.ts";
import {
  type Command,
  type InterlockState,
  NEVER_TRIPPED,
  nextAt,
  type Stimulus,
  type Turn,
  wantsOn,
} from "./state.ts";
import type { InterlockStatus } from "./status.ts";
import { TestRun } from "./test-run.ts";
import { Watch } from "./watch.ts";

export type InterlockParts = JournalParts & {
  /** The way to what a rule writes. */
  readonly outputOf: (rule: InterlockRule) => Output;
} & Pick<HandParts, "whenStored">;

/** Whether the time has become known is looked at so often where an override waits for it. */
const TIME_EVERY_MS = 10_000;

/** What an interlock hears of an alarm that has moved. */
type Moved = Pick<AlarmEvent, "alarm" | "to"> & Pick<Standing, "active">;

/**
 * Carries out the interlocks: on a transition of an alarm, a reading or an order the write is with
 * its bus before this returns, and only then the event is told; but for a test, which is written
 * once it is recorded.
 */
export class InterlockDesk {
  readonly #parts: InterlockParts;
  readonly #signal: AbortSignal;
  readonly #bell: Doorbell;
  readonly #watch = new Watch();
  readonly #rules: ReadonlyMap<string, InterlockRule>;
  readonly #outputs: ReadonlyMap<string, Output>;
  /** The rules that a reading of each point matters to. */
  readonly #rulesOf: ReadonlyMap<string, readonly InterlockRule[]>;
  readonly #states = new Map<string, InterlockState>();
  readonly #board = new Board();
  readonly #tests = new Map<string, TestRun>();
  readonly #journal: Journal;
  readonly #hand: Hand;
  #isResumed = false;
  #died: { readonly error: unknown } | null = null;

  constructor(parts: InterlockParts, signal: AbortSignal) {
    const { rules, clock } = parts;
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(clock, signal);
    this.#rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.#outputs = new Map(rules.map((rule) => [rule.name, parts.outputOf(rule)]));
    const pairs = rules.flatMap((rule) => pointsOf(rule).map((point) => ({ point, rule })));
    const byPoint = Map.groupBy(pairs, ({ point }) => point);
    this.#rulesOf = new Map(
      Array.from(byPoint, ([point, of]) => [point, [...new Set(of.map(({ rule }) => rule))]]),
    );
    this.#journal = new Journal(parts, () =>
      rules.map((rule) => memoryOf(rule, this.#stateOf(rule), clock)),
    );
    this.#hand = new Hand({
      ...parts,
      onBegun: ({ name }, told) => this.#board.note(name, { told }),
      onEnded: (...ended) => this.#onEnded(...ended),
      onDied: (error) => {
        this.#died = { error };
        this.#bell.ring();
      },
      isOff: (rule, { id }) => signal.aborted || this.#stateOf(rule).command?.id !== id,
    });
    for (const rule of rules) this.#states.set(rule.name, NEVER_TRIPPED);
  }

  /** Goes on from what is remembered, with the alarms as they stand. */
  resume(alarms: readonly (Standing & { readonly alarm: string })[]): void {
    const { remembered, clock } = this.#parts;
    for (const { alarm, ...standing } of alarms) this.#watch.remember(alarm, standing);
    const told: (() => void)[] = [];
    for (const memory of remembered?.memories ?? []) {
      const rule = this.#rules.get(memory.interlock);
      if (rule !== undefined && isOf(memory, rule)) {
        const state = resumedFrom(memory, rule, this.#watch.standing(rule), clock);
        this.#states.set(rule.name, state);
        const isOfThisBoot = memory.override?.boot?.id === clock.boot;
        if (!isOfThisBoot) told.push(() => this.#tellOverride(rule, state));
        continue;
      }
      if (rule !== undefined) this.#states.set(rule.name, { ...NEVER_TRIPPED, trip: memory.trip });
      if (memory.state !== "idle") told.push(() => this.#journal.forgot(memory));
    }
    for (const tell of told) tell();
    this.#isResumed = true;
    for (const rule of this.#rules.values()) this.#apply(rule, { kind: "look" });
  }

  /** An alarm has moved. */
  onAlarm(event: Moved): void {
    if (!this.#isResumed) return;
    const { alarm, to: state, active } = event;
    this.#watch.moved(alarm, { state, ...(active !== undefined && { active }) });
    for (const rule of this.#rules.values()) {
      if (rule.alarms.some((each) => each.alarm === alarm)) this.#apply(rule, { kind: "look" });
    }
  }

  /** Points were measured, and the alarms judged by them. */
  onReadings(readings: readonly Reading[]): void {
    if (!this.#isResumed || this.#rules.size === 0) return;
    for (const reading of readings) {
      const rules = this.#rulesOf.get(reading.point);
      if (rules === undefined) continue;
      // A fault counts when it has lasted, also while nothing else comes.
      if (this.#watch.see(reading)) this.#bell.ring();
      for (const rule of rules) this.#onReading(rule, reading);
    }
  }

  /** Does what somebody wants; resolves when it is done, a test when it is over. */
  async act(order: InterlockOrder): Promise<InterlockAnswer> {
    const rule = this.#rules.get(order.interlock);
    if (rule === undefined) return { outcome: "unknown", state: "" };
    if (this.#signal.aborted) return { outcome: "stopping", state: this.#stateOf(rule).name };
    if (order.action === "test") return await this.#test(rule, order.who);
    const { who } = order;
    const isMoved =
      order.action === "override"
        ? this.#apply(rule, { kind: "override", who, reason: order.reason, forMs: order.forMs })
        : this.#apply(rule, { kind: "release", who });
    return { outcome: isMoved ? "done" : "no-effect", state: this.#stateOf(rule).name };
  }

  /** What its loop is doing. */
  get progress(): Progress {
    return this.#bell.progress;
  }

  /** Records a document that was made in the chain. */
  record(document: MadeDocument): void {
    this.#journal.made(document);
  }

  status(): readonly InterlockStatus[] {
    return [...this.#rules.values()].map((rule) => {
      const missing = this.#watch.missing(rule);
      const state = this.#stateOf(rule);
      const trip = this.#journal.keyOf(rule.name, state.trip);
      return { ...this.#board.status(rule, state, missing, this.#parts.clock), trip };
    });
  }

  /** Looks at each interlock when something is due. Runs until the signal aborts. */
  async run(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      if (this.#died !== null) throw this.#died.error;
      const now = clock.uptime();
      const due = [...this.#rules.values()].map((rule) => this.#dueAt(rule, now) ?? Infinity);
      await this.#bell.wait(Math.min(...due) - now);
      for (const rule of this.#rules.values()) this.#apply(rule, { kind: "look" });
    }
  }

  #dueAt(rule: InterlockRule, now: UptimeMs): number | null {
    const state = this.#stateOf(rule);
    const isWaiting = state.override?.isGuessed === true && state.override.end !== null;
    const timeAt = isWaiting ? after(now, TIME_EVERY_MS) : null;
    const moments = [nextAt(rule, state), this.#watch.faultAt(rule, now), timeAt];
    const known = moments.filter((at) => at !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  #stateOf({ name }: InterlockRule): InterlockState {
    return this.#states.get(name) ?? NEVER_TRIPPED;
  }

  #onReading(rule: InterlockRule, reading: Reading): void {
    const { point, value, quality } = reading;
    if (point === rule.write && !isBad(quality)) this.#compare(rule, value);
    if (point === rule.deadMan?.point) this.#onDeadMan(rule, reading);
    this.#apply(rule, { kind: "look" });
  }

  /**
   * What the output is read as between two commands. One that is measured is not comparable; one
   * that falls by itself is looked at though it is not read back.
   */
  #compare(rule: InterlockRule, value: Value | null): void {
    const output = this.#outputs.get(rule.name);
    if (output === undefined || !output.isComparable || value === null) return;
    const { isOwn } = output;
    if (!rule.verify && !isOwn) return;
    if (this.#stateOf(rule).command !== null) return;
    this.#board.found(rule.name, value, this.#parts.clock.now());
    if (value !== output.readAs(rule.value)) {
      this.#apply(rule, { kind: "drifted", readBack: value, isOwn });
    }
  }

  #onDeadMan(rule: InterlockRule, reading: Reading): void {
    if (rule.deadMan === null) return;
    const before = this.#board.verdict(rule.name);
    const deadMan = readDeadMan(rule.deadMan, reading);
    // What cannot be read says nothing: what was known of it last stands.
    if (deadMan.verdict === "unknown") return;
    this.#board.note(rule.name, { deadMan });
    if (deadMan.verdict === before) return;
    if (deadMan.verdict === "agrees" && before === "unknown") return;
    const { name } = this.#stateOf(rule);
    const told = { from: name, to: name, by: deadMan.point, trip: null } as const;
    const cause = deadMan.verdict === "agrees" ? "dead-man-agrees" : "dead-man-differs";
    this.#tell(rule, { ...told, cause, value: deadMan.expected, readBack: deadMan.found });
  }

  /** Whether the stimulus moved the interlock. */
  #apply(rule: InterlockRule, stimulus: Stimulus): boolean {
    const before = this.#placed(rule);
    const now = this.#parts.clock.uptime();
    const others = this.#sharing(rule).map((other) => this.#stateOf(other));
    const inputs = {
      demand: this.#watch.demandOf(rule, now),
      asking: this.#watch.asking(rule),
      standing: this.#watch.standing(rule),
      isJudged: this.#watch.isJudged(rule, now),
      isPermitted: this.#watch.missing(rule).length === 0,
      isHeldByOther: others.some(wantsOn),
      isToldByOther: others.some(({ command }) => command !== null),
    };
    const { state, turns } = stepInterlock(rule, before, stimulus, inputs, now);
    if (state === before) return false;
    this.#states.set(rule.name, state);
    const isNew = state.command !== null && state.command.id !== before.command?.id;
    const command = isNew ? state.command : null;
    // Only a trip, and what follows from it, must not wait until it is recorded.
    const isTest = stimulus.kind === "test";
    const output = this.#outputs.get(rule.name) as Output;
    if (command !== null && !isTest) this.#hand.act(rule, output, state, command);
    if (command?.goal === "trip") {
      for (const other of this.#sharing(rule)) this.#apply(other, { kind: "yield" });
    }
    for (const turn of turns) this.#tell(rule, turn);
    if (command !== null && isTest) this.#hand.actOnceStored(rule, output, state, command);
    this.#bell.ring();
    return turns.length > 0;
  }

  /** The state of `rule`, its override placed by the time once that is known. */
  #placed(rule: InterlockRule): InterlockState {
    const state = this.#stateOf(rule);
    const override = state.override && placedOverride(state.override, this.#parts.clock);
    if (override === state.override) return state;
    const placed = { ...state, override };
    this.#states.set(rule.name, placed);
    return placed;
  }

  /** An override that goes on over a start of the machine: what is left of it is stored anew. */
  #tellOverride(rule: InterlockRule, { name, override }: InterlockState): void {
    if (override === null || override.until <= this.#parts.clock.uptime()) return;
    const { who, reason: note, until } = override;
    const turn = { from: name, to: name, cause: "restart", by: null, trip: null } as const;
    this.#tell(rule, { ...turn, value: null, readBack: null, who, note, until });
  }

  /** The other rules on the same output. */
  #sharing(rule: InterlockRule): readonly InterlockRule[] {
    return [...this.#rules.values()].filter(
      (other) => other !== rule && other.write === rule.write,
    );
  }

  #onEnded(rule: InterlockRule, { id }: Command, { outcome, attempts, tookMs }: Ended): void {
    const trouble = outcome.kind === "failed" ? outcome.reason : null;
    this.#board.note(rule.name, { trouble });
    this.#apply(rule, { kind: "outcome", id, outcome, attempts, tookMs });
  }

  async #test(rule: InterlockRule, who: string): Promise<InterlockAnswer> {
    const { clock } = this.#parts;
    const output = this.#outputs.get(rule.name);
    const answer = (outcome: InterlockAnswer["outcome"], reason?: string) => {
      const { name: state } = this.#stateOf(rule);
      return { outcome, state, ...(reason !== undefined && { reason }) };
    };
    if (output === undefined || this.#stateOf(rule).name !== "idle") return answer("no-effect");
    const held = () => {
      const missing = this.#watch.missing(rule);
      return missing.length === 0 ? null : answer("not-permitted", missing.join(" "));
    };
    const isHeld = held();
    if (isHeld !== null) return isHeld;
    const until = after(clock.uptime(), rule.expiryMs);
    const found = await readBack(output, until, () => this.#signal.aborted);
    if (found.kind === "none") return answer("unreadable", found.reason);
    const before = found.value;
    if (typeof before !== "boolean" && typeof before !== "number") return answer("unreadable");
    const run = new TestRun();
    this.#signal.addEventListener("abort", run.stop, { once: true });
    this.#tests.set(rule.name, run);
    try {
      // While the output was read something may have come between.
      if (!this.#apply(rule, { kind: "test", who, before })) return held() ?? answer("no-effect");
      const { outcome, reason } = await run.over;
      return answer(outcome, reason);
    } finally {
      this.#tests.delete(rule.name);
      this.#signal.removeEventListener("abort", run.stop);
    }
  }

  #tell(rule: InterlockRule, turn: Turn): void {
    const at = this.#parts.clock.now();
    this.#board.moved(rule.name, turn, at);
    this.#journal.turned(rule, turn, at);
    this.#tests.get(rule.name)?.take(turn);
  }
}

/** Every point that matters to `rule`. */
function pointsOf({ alarms, write, permissive, deadMan }: InterlockRule): readonly string[] {
  const judged = alarms.flatMap(pointsOfAlarm);
  const conditions = permissive.map(({ point }) => point);
  return [...judged, ...conditions, write, ...(deadMan === null ? [] : [deadMan.point])];
}
