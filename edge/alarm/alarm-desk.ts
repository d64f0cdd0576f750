import {
  type AlarmRule,
  type AlarmState,
  isActive,
  isQuiet,
  NEVER_RAISED,
  SEVERITIES,
} from "../core/alarm.ts";
import { alarmsWithin, pointsBeside, verdictOf } from "../core/alarm-condition.ts";
import {
  type AlarmStimulus,
  type AlarmTransition,
  isUneasy,
  stepAlarm,
} from "../core/alarm-life.ts";
import {
  type AlarmMemory,
  memoryOf,
  resumed,
  resumedState,
  resumptionOf,
} from "../core/alarm-memory.ts";
import type { AlarmEvent } from "../core/event.ts";
import { isBad, type Reading } from "../core/reading.ts";
import { CHINA_TIME_ZONE } from "../core/season.ts";
import { type Clock, type Stamp, stampOf, type UptimeMs } from "../core/time.ts";
import { type AlarmOrder, type AlarmOrderOutcome, refusalOf, stimulusOf } from "./alarm-order.ts";
import { type AlarmStatus, alarmStatus, unitOfRule } from "./alarm-status.ts";
import { type Entry, graverFirst, grouped, judgedPoints } from "./entry.ts";
import type { Finding } from "./finding.ts";
import { judgeOf } from "./judge.ts";
import { Surroundings } from "./surroundings.ts";

export type AlarmDeskParts = {
  readonly clock: Clock;
  readonly rules: readonly AlarmRule[];
  /** States to go on from, as the buffer kept them. */
  readonly memories: readonly AlarmMemory[];
  readonly unitOf: (point: string) => string | null;
  /** By which seasons begin and end; left out: that of China. */
  readonly timeZone?: string;
  /** From which age on a reading of a point says nothing of now; left out: never. */
  readonly staleAfterMs?: (point: string) => number;
  readonly onEvent: (event: AlarmEvent, memory: AlarmMemory) => void;
};

const NONE: readonly Reading[] = [];

/**
 * Judges every reading by the alarms on its point, lets time pass over them, and takes the crew's
 * orders. Within a group the graver are judged first.
 */
export class AlarmDesk {
  readonly #parts: AlarmDeskParts;
  readonly #around: Surroundings;
  /** In the order of the rules. */
  readonly #entries: ReadonlyMap<string, Entry>;
  /** As they are judged at one moment. */
  readonly #inTurn: readonly Entry[];
  readonly #entriesOf: ReadonlyMap<string, readonly Entry[]>;
  readonly #groups: ReadonlyMap<string, readonly Entry[]>;
  /** By the name of an alarm: those whose condition looks at it. */
  readonly #followers: ReadonlyMap<string, readonly Entry[]>;
  /** Those that may be out of force. */
  readonly #enabled: readonly Entry[];
  /** Groups in which an alarm has gone that may have covered others. */
  readonly #unsettled = new Set<string>();

  constructor(parts: AlarmDeskParts) {
    this.#parts = parts;
    const { clock, rules, timeZone = CHINA_TIME_ZONE } = parts;
    const { staleAfterMs = () => Number.POSITIVE_INFINITY } = parts;
    this.#around = new Surroundings({
      ...{ clock, timeZone },
      points: new Set(rules.flatMap((rule) => pointsBeside(rule, rule.enabling))),
      staleAfterMs,
      isOn: (alarm) => this.#entries.get(alarm)?.state.isOn ?? false,
      isOut: (alarm) => this.#entries.get(alarm)?.state.isOut ?? false,
    });
    const start = clock.uptime();
    const entries = rules.map((rule) => this.#entryOf(rule, start));
    this.#entries = new Map(entries.map((entry) => [entry.rule.name, entry]));
    this.#inTurn = graverFirst(entries);
    this.#entriesOf = grouped(entries, ({ rule }) => judgedPoints(rule));
    this.#groups = grouped(entries, ({ rule }) => (rule.group === undefined ? [] : [rule.group]));
    this.#followers = grouped(entries, ({ rule }) =>
      rule.limit === "expression" ? alarmsWithin(rule) : [],
    );
    this.#enabled = this.#inTurn.filter(({ rule }) => rule.enabling !== undefined);
  }

  /** Goes on from the remembered states, and tells of each that the configuration has moved. */
  resume(): void {
    const now = this.#now();
    for (const memory of this.#parts.memories) {
      const { alarm, state: from } = memory;
      const entry = this.#entries.get(alarm);
      const resumption = resumptionOf(memory, entry?.rule);
      const after = resumed(memory, entry?.rule, now.at);
      if (entry !== undefined && resumption !== "closed") entry.state = resumedState(after, now);
      if (from === "normal" || resumption === "kept") continue;
      const { state: to, more } = after;
      const active = isQuiet(to) ? { active: more?.isOn === true } : {};
      this.#tell(after, { from, to, cause: "configuration", value: null, ...active }, now);
    }
    for (const entry of this.#entries.values()) this.#suppress(entry, now);
    // A shelf may have run out while nothing ran.
    this.pass();
  }

  /**
   * Judges `readings` in their order. Gives those that belong to the story of an alarm, which is
   * stored whole: they moved one on their point, or one stands there or waits for a delay.
   */
  judge(readings: readonly Reading[]): readonly Reading[] {
    let telling: Reading[] | null = null;
    this.#around.note(readings);
    for (const reading of readings) {
      const entries = this.#entriesOf.get(reading.point);
      if (entries === undefined) continue;
      let isTelling = false;
      for (const entry of entries) {
        const isMoved = this.#judgeBy(entry, reading);
        isTelling ||= isMoved || isUneasy(entry.state);
      }
      if (!isTelling) continue;
      telling ??= [];
      telling.push(reading);
    }
    if (this.#unsettled.size > 0) this.#settle(this.#now());
    return telling ?? NONE;
  }

  /**
   * Lets time pass: to be called about once a second. Delays and shelves end, silence is noticed,
   * seasons begin, alarms that stand call again.
   */
  pass(): void {
    const now = this.#now();
    for (const entry of this.#inTurn) {
      if (entry.judge.isTimed || entry.state.pendingSince !== null) this.#rejudge(entry, now);
    }
    for (const entry of this.#enabled) this.#suppress(entry, now);
    for (const entry of this.#inTurn) {
      const { rule, state } = entry;
      if (state.shelf === null && rule.realarm === undefined) continue;
      this.#step(entry, { kind: "pass" }, now);
    }
    this.#settle(now);
  }

  /** Does what `order` says with `alarm`, or tells why not. */
  act(alarm: string, order: AlarmOrder): AlarmOrderOutcome {
    const entry = this.#entries.get(alarm);
    if (entry === undefined) return "unknown";
    const refusal = refusalOf(order, entry.rule, entry.state);
    if (refusal !== null) return refusal;
    const now = this.#now();
    const isDone = this.#step(entry, stimulusOf(order, entry.rule, now), now);
    this.#settle(now);
    return isDone ? "done" : "no-effect";
  }

  status(): readonly AlarmStatus[] {
    const now = this.#now();
    return Array.from(this.#entries.values(), ({ rule, state, value }) => {
      const unit = unitOfRule(rule, this.#parts.unitOf(rule.point));
      return alarmStatus(rule, state, now, { value, unit });
    });
  }

  #entryOf(rule: AlarmRule, start: UptimeMs): Entry {
    return {
      rule,
      judge: judgeOf(rule, this.#around, start),
      // A deviation too is judged with its own point only.
      isAlone: rule.limit === "deviation" || pointsBeside(rule, undefined).length === 0,
      state: NEVER_RAISED,
      judgedUntil: start,
      value: null,
    };
  }

  #now() {
    const { clock } = this.#parts;
    return { ...stampOf(clock), clock: clock.state(), boot: clock.boot };
  }

  /** Whether `reading` moved the alarm of `entry`. */
  #judgeBy(entry: Entry, reading: Reading): boolean {
    const { rule } = entry;
    if (entry.isAlone) {
      // What was read before, and comes only now, has no say.
      if (reading.uptime < entry.judgedUntil) return false;
      entry.judgedUntil = reading.uptime;
    }
    if (rule.limit !== "high" && rule.limit !== "low") {
      return this.#found(entry, entry.judge.judge(reading), reading);
    }
    // The way of nearly every reading: nothing is made, nothing moves.
    const value = isBad(reading.quality) ? null : reading.value;
    entry.value = value;
    const verdict = verdictOf(rule, rule.deadband, value);
    const { isOn, pendingSince } = entry.state;
    if (pendingSince === null && verdict !== (isOn ? "back" : "tripped")) return false;
    return this.#found(entry, entry.judge.judge(reading), reading);
  }

  /** Judges what `entry` knows already once more, as time has passed. */
  #rejudge(entry: Entry, now: Stamp): void {
    const { judge, value } = entry;
    const isMoved = this.#found(entry, judge.again(now.uptime), now);
    if (judge.isTimed) return;
    // Time makes no value.
    entry.value = value;
    if (isMoved) entry.judgedUntil = now.uptime;
  }

  #found(entry: Entry, { verdict, value }: Finding, stamp: Stamp): boolean {
    const { at, uptime } = stamp;
    entry.value = value;
    const isFirst = verdict === "tripped" && this.#isFirst(entry);
    return this.#step(entry, { kind: "judged", verdict, value, uptime, isFirst }, { at, uptime });
  }

  #isFirst({ rule, state }: Entry): boolean {
    if (rule.group === undefined || state.isOn) return false;
    return !this.#groups.get(rule.group)?.some((other) => other.state.isOn);
  }

  #step(entry: Entry, stimulus: AlarmStimulus, now: Stamp): boolean {
    const { rule, state: before } = entry;
    const step = stepAlarm(rule, before, stimulus, now);
    if (step === null) return false;
    entry.state = step.state;
    if (step.transition === null) return false;
    this.#tell(memoryOf(rule, step.state, now.at), step.transition, now);
    this.#spread(entry, before, now);
    return true;
  }

  /** What follows for other alarms from `entry`, which has moved. */
  #spread({ rule, state }: Entry, before: AlarmState, now: Stamp): void {
    if (rule.group !== undefined && isActive(state.name) !== isActive(before.name)) {
      // What is no more covered waits until it has been judged by the same reading.
      if (isActive(state.name)) this.#settleGroup(rule.group, now);
      else this.#unsettled.add(rule.group);
    }
    if (state.isOn === before.isOn && state.isOut === before.isOut) return;
    for (const follower of this.#followers.get(rule.name) ?? []) this.#rejudge(follower, now);
    for (const each of this.#enabled) {
      const { group } = each.rule;
      if (group === undefined || !this.#unsettled.has(group)) this.#suppress(each, now);
    }
  }

  /** Lets go what was covered by graver alarms that have gone. */
  #settle(now: Stamp): void {
    for (const group of this.#unsettled) this.#settleGroup(group, now);
    this.#unsettled.clear();
  }

  #settleGroup(group: string, now: Stamp): void {
    for (const entry of this.#groups.get(group) ?? []) this.#suppress(entry, now);
  }

  /** Sees whether the alarm of `entry` is in force, and whether a graver one of its group stands. */
  #suppress(entry: Entry, now: Stamp): void {
    const { group, enabling } = entry.rule;
    const isNeverSuppressed = group === undefined && enabling === undefined;
    if (isNeverSuppressed && !entry.state.isSuppressed) return;
    const isCovered = this.#isCovered(entry);
    const isInForce = enabling === undefined || this.#around.isInForce(enabling, now.uptime);
    // Before it can be told, it stays as it was before the start.
    if (isInForce === null && !isCovered) return;
    const isSuppressed = isCovered || isInForce === false;
    this.#step(entry, { kind: "suppress", isSuppressed }, now);
  }

  /** A latching alarm is never covered: it must be reset, whatever else stands. */
  #isCovered({ rule }: Entry): boolean {
    if (rule.group === undefined || rule.latch) return false;
    const own = SEVERITIES.indexOf(rule.severity);
    const others = this.#groups.get(rule.group) ?? [];
    return others.some(
      (other) => isActive(other.state.name) && SEVERITIES.indexOf(other.rule.severity) > own,
    );
  }

  #tell(memory: AlarmMemory, transition: AlarmTransition, { at }: Stamp): void {
    const { alarm, basis } = memory;
    const { point, setpoint, severity } = basis;
    const rule = this.#entries.get(alarm)?.rule;
    const pointUnit = this.#parts.unitOf(point);
    const event: AlarmEvent = {
      kind: "alarm",
      alarm,
      point,
      severity,
      unit: rule === undefined ? pointUnit : unitOfRule(rule, pointUnit),
      setpoint,
      at,
      clock: this.#parts.clock.state(),
      ...transition,
    };
    this.#parts.onEvent(event, memory);
  }
}
