import {
  type AlarmMemory,
  type AlarmRule,
  type AlarmState,
  type AlarmStimulus,
  NEVER_RAISED,
  stepAlarm,
} from "../core/alarm.ts";
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

/** Judges every reading by the alarms on its point, and takes the crew's acknowledgements. */
export class AlarmDesk {
  readonly #parts: AlarmDeskParts;
  readonly #states = new Map<string, AlarmState>();
  readonly #rulesOf: Map<string, readonly AlarmRule[]>;

  constructor(parts: AlarmDeskParts) {
    this.#parts = parts;
    this.#rulesOf = Map.groupBy(parts.rules, ({ point }) => point);
    for (const { alarm, state, since } of parts.memories) {
      this.#states.set(alarm, { name: state, since, pendingSince: null });
    }
  }

  judge(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const rules = this.#rulesOf.get(reading.point);
      if (rules === undefined) continue;
      for (const rule of rules) this.#step(rule, { kind: "reading", reading }, reading.at);
    }
  }

  /** Acknowledges or resets `alarm`; tells whether that changed its state, or `unknown`. */
  act(kind: "acknowledge" | "reset", alarm: string, who: string): "done" | "no-effect" | "unknown" {
    const rule = this.#parts.rules.find(({ name }) => name === alarm);
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

  #step(rule: AlarmRule, stimulus: AlarmStimulus, at: WallMs): boolean {
    const before = this.#states.get(rule.name) ?? NEVER_RAISED;
    const { state, transition } = stepAlarm(rule, before, stimulus, at);
    this.#states.set(rule.name, state);
    if (transition === null) return false;
    const event: AlarmEvent = {
      kind: "alarm",
      alarm: rule.name,
      point: rule.point,
      severity: rule.severity,
      unit: this.#parts.unitOf(rule.point),
      setpoint: rule.setpoint,
      at,
      clock: this.#parts.clock.state(),
      ...transition,
    };
    this.#parts.onEvent(event, { alarm: rule.name, state: state.name, since: at });
    return true;
  }
}
