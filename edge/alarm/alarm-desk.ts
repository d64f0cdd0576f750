import {
  type AlarmRule,
  type AlarmState,
  type AlarmStimulus,
  type AlarmTransition,
  isActive,
  NEVER_RAISED,
  stepAlarm,
} from "../core/alarm.ts";
import {
  type AlarmMemory,
  basisOf,
  resumed,
  resumedState,
  resumptionOf,
} from "../core/alarm-memory.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock, WallMs } from "../core/time.ts";

/** One alarm for `status` and `alarms`. */
export type AlarmStatus = {
  readonly alarm: string;
  readonly point: string;
  readonly state: AlarmState["name"];
  readonly severity: AlarmRule["severity"];
  readonly setpoint: number;
  readonly limit: AlarmRule["limit"];
  readonly since: WallMs | null;
};

export type AlarmDeskParts = {
  readonly clock: Clock;
  readonly rules: readonly AlarmRule[];
  /** States to go on from, as the buffer kept them. */
  readonly memories: readonly AlarmMemory[];
  readonly unitOf: (point: string) => string | null;
  readonly onEvent: (event: AlarmEvent, memory: AlarmMemory) => void;
};

const NONE: readonly Reading[] = [];

/** Judges every reading by the alarms on its point, and takes the crew's acknowledgements. */
export class AlarmDesk {
  readonly #parts: AlarmDeskParts;
  readonly #states = new Map<string, AlarmState>();
  readonly #rules: ReadonlyMap<string, AlarmRule>;
  readonly #rulesOf: ReadonlyMap<string, readonly AlarmRule[]>;

  constructor(parts: AlarmDeskParts) {
    this.#parts = parts;
    this.#rules = new Map(parts.rules.map((rule) => [rule.name, rule]));
    this.#rulesOf = Map.groupBy(parts.rules, ({ point }) => point);
  }

  /** Goes on from the remembered states, and tells of each that the configuration has moved. */
  resume(): void {
    const at = this.#parts.clock.now();
    for (const memory of this.#parts.memories) {
      const { alarm, state: from } = memory;
      const rule = this.#rules.get(alarm);
      const resumption = resumptionOf(memory, rule);
      const after = resumed(memory, rule, at);
      if (resumption !== "closed") this.#states.set(alarm, resumedState(after));
      if (from === "normal" || resumption === "kept") continue;
      this.#tell(after, { from, to: after.state, cause: "configuration", value: null }, at);
    }
  }

  /**
   * Judges `readings` in their order. Gives those that belong to the story of an alarm, which is
   * stored whole: they moved one on their point, or one stands there or waits for its on-delay.
   */
  judge(readings: readonly Reading[]): readonly Reading[] {
    let telling: Reading[] | null = null;
    for (const reading of readings) {
      const rules = this.#rulesOf.get(reading.point);
      if (rules === undefined) continue;
      let isTelling = false;
      for (const rule of rules) {
        const isMoved = this.#step(rule, { kind: "reading", reading }, reading.at);
        isTelling ||= isMoved || this.#isUneasy(rule);
      }
      if (!isTelling) continue;
      telling ??= [];
      telling.push(reading);
    }
    return telling ?? NONE;
  }

  /** Acknowledges or resets `alarm`; tells whether that changed its state, or `unknown`. */
  act(kind: "acknowledge" | "reset", alarm: string, who: string): "done" | "no-effect" | "unknown" {
    const rule = this.#rules.get(alarm);
    if (rule === undefined) return "unknown";
    return this.#step(rule, { kind, who }, this.#parts.clock.now()) ? "done" : "no-effect";
  }

  status(): readonly AlarmStatus[] {
    return this.#parts.rules.map((rule) => {
      const { name: state, since } = this.#states.get(rule.name) ?? NEVER_RAISED;
      const { name: alarm, point, severity, setpoint, limit } = rule;
      return { alarm, point, state, severity, setpoint, limit, since };
    });
  }

  #isUneasy({ name }: AlarmRule): boolean {
    const state = this.#states.get(name);
    return state !== undefined && (isActive(state.name) || state.pendingSince !== null);
  }

  #step(rule: AlarmRule, stimulus: AlarmStimulus, at: WallMs): boolean {
    const before = this.#states.get(rule.name) ?? NEVER_RAISED;
    const { state, transition } = stepAlarm(rule, before, stimulus, at);
    this.#states.set(rule.name, state);
    if (transition === null) return false;
    this.#tell(
      { alarm: rule.name, state: state.name, since: at, basis: basisOf(rule) },
      transition,
      at,
    );
    return true;
  }

  #tell(memory: AlarmMemory, transition: AlarmTransition, at: WallMs): void {
    const { alarm, basis } = memory;
    const { point, setpoint, severity } = basis;
    const event: AlarmEvent = {
      kind: "alarm",
      alarm,
      point,
      severity,
      unit: this.#parts.unitOf(point),
      setpoint,
      at,
      clock: this.#parts.clock.state(),
      ...transition,
    };
    this.#parts.onEvent(event, memory);
  }
}
