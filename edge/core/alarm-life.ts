import {
  type ActedBy,
  type AlarmRule,
  type AlarmState,
  type AlarmStateName,
  isActive,
  isLatched,
  isQuiet,
  type Shelf,
} from "./alarm.ts";
import type { Verdict } from "./alarm-condition.ts";
import type { AlarmEvent } from "./event.ts";
import type { Value } from "./reading.ts";
import { after, type Stamp, type UptimeMs } from "./time.ts";

/** What can move an alarm from one state to another. */
export type AlarmStimulus =
  | Judgement
  /** Time has gone by. */
  | { readonly kind: "pass" }
  /** It is, or is no more, suppressed by design. */
  | { readonly kind: "suppress"; readonly isSuppressed: boolean }
  | ({ readonly kind: "acknowledge" | "reset" | "unshelve" | "return" } & ActedBy)
  /** With a shelf it comes back by itself when that ends. */
  | ({ readonly kind: "remove"; readonly shelf?: Shelf } & ActedBy)
  | ({ readonly kind: "shelve"; readonly shelf: Shelf } & ActedBy);

/** What the condition came to, by `value` where one caused it; `uptime` is of what caused it. */
export type Judgement = {
  readonly kind: "judged";
  readonly verdict: Verdict;
  readonly value: Value | null;
  readonly uptime: UptimeMs;
  /** None other of its group stands. */
  readonly isFirst?: boolean;
};

/** A transition, without the time and the rule's own data, which the caller has. */
export type AlarmTransition = Pick<
  AlarmEvent,
  "from" | "to" | "cause" | "value" | "who" | "reason" | "active" | "first" | "until"
>;

/** The state after a stimulus, and the transition if there was one. */
export type AlarmStep = {
  readonly state: AlarmState;
  readonly transition: AlarmTransition | null;
};

/**
 * What `rule` makes of `stimulus` at `now` in `state`; null where nothing changes. ISA-18.2 /
 * IEC 62682 transitions.
 */
export function stepAlarm(
  rule: AlarmRule,
  state: AlarmState,
  stimulus: AlarmStimulus,
  now: Stamp,
): AlarmStep | null {
  switch (stimulus.kind) {
    case "judged":
      return judged(rule, state, stimulus, now);
    case "pass":
      return passed(rule, state, now);
    case "suppress":
      if (state.isSuppressed === stimulus.isSuppressed) return null;
      return moved(rule, state, { isSuppressed: stimulus.isSuppressed }, now, {
        cause: stimulus.isSuppressed ? "suppressed" : "unsuppressed",
      });
    case "shelve":
      return shelved(rule, state, stimulus, now);
    default:
      return acted(rule, state, stimulus, now);
  }
}

/**
 * A delay holds without a break: a value that is between does away with both, one that is not known
 * with the off-delay only, for it proves nothing and an alarm that stands must not end by it.
 */
function judged(
  rule: AlarmRule,
  state: AlarmState,
  { verdict, value, uptime, isFirst = false }: Judgement,
  now: Stamp,
): AlarmStep | null {
  const { isOn, pendingSince } = state;
  if (verdict === "unknown" && !isOn) return null;
  if (verdict !== (isOn ? "back" : "tripped")) {
    return pendingSince === null ? null : unmoved({ ...state, pendingSince: null });
  }
  const delayMs = isOn ? (rule.offDelayMs ?? 0) : rule.onDelayMs;
  const since = pendingSince ?? uptime;
  if (uptime - since < delayMs) {
    return pendingSince === null ? unmoved({ ...state, pendingSince: since }) : null;
  }
  if (isOn) {
    const isOver = state.shelf?.kind === "one-shot";
    const change = { isOn: false, isFirst: false, realarms: 0, shelf: isOver ? null : state.shelf };
    return moved(rule, state, change, now, { cause: "returned", value });
  }
  return moved(rule, state, { isOn: true, isFirst }, now, { cause: rule.limit, value });
}

/** The end of a shelf or of a time out of service, and the call of an alarm that stands though it was answered. */
function passed(rule: AlarmRule, state: AlarmState, now: Stamp): AlarmStep | null {
  const { shelf, answeredAt, realarms } = state;
  if (shelf !== null && now.uptime >= shelf.until) {
    const cause = state.isOut ? "in-service" : "shelf-over";
    return moved(rule, state, { shelf: null, isOut: false }, now, { cause });
  }
  const { realarm } = rule;
  if (realarm === undefined || rule.ack === false || state.name !== "acknowledged") return null;
  if (realarms >= realarm.most || answeredAt === null) return null;
  if (now.uptime < after(answeredAt, realarm.everyMs)) return null;
  const change = { realarms: realarms + 1, name: "unacknowledged" } as const;
  return moved(rule, state, change, now, { cause: "realarm" });
}

function shelved(
  rule: AlarmRule,
  state: AlarmState,
  { shelf, who, reason }: Extract<AlarmStimulus, { kind: "shelve" }>,
  now: Stamp,
): AlarmStep | null {
  if (state.isOut || isLatched(state.name)) return null;
  const by = byOf(who, reason);
  return moved(rule, state, { shelf, by }, now, { cause: "shelved", ...by });
}

function acted(
  rule: AlarmRule,
  state: AlarmState,
  stimulus: Extract<AlarmStimulus, ActedBy & { kind: keyof typeof CAUSES }>,
  now: Stamp,
): AlarmStep | null {
  const { kind, who, reason } = stimulus;
  const change = changeBy(stimulus, state);
  if (change === null) return null;
  const by = byOf(who, reason);
  return moved(rule, state, { ...change, by }, now, { cause: CAUSES[kind], ...by });
}

function byOf(who: string, reason: string | undefined): ActedBy {
  return reason === undefined ? { who } : { who, reason };
}

const CAUSES = {
  acknowledge: "acknowledged",
  reset: "reset",
  unshelve: "unshelved",
  remove: "out-of-service",
  return: "in-service",
} as const;

/** What an action changes in `state`; null where it is without effect. */
function changeBy(
  stimulus: Extract<AlarmStimulus, ActedBy & { kind: keyof typeof CAUSES }>,
  state: AlarmState,
): Partial<AlarmState> | null {
  switch (stimulus.kind) {
    case "acknowledge": {
      const name = AFTER_ACKNOWLEDGE[state.name];
      return name === undefined ? null : { name };
    }
    case "reset":
      return state.name === "latched-acknowledged" ? { name: "normal" } : null;
    case "unshelve":
      return state.name === "shelved" ? { shelf: null } : null;
    case "remove":
      if (state.isOut || isLatched(state.name)) return null;
      return { isOut: true, shelf: stimulus.shelf ?? null };
    case "return":
      return state.isOut ? { isOut: false, shelf: null } : null;
  }
}

/** ISA-18.2 transitions on an acknowledgement; states left out ignore it. */
const AFTER_ACKNOWLEDGE: Partial<Record<AlarmStateName, AlarmStateName>> = {
  unacknowledged: "acknowledged",
  "returned-unacknowledged": "normal",
  "latched-unacknowledged": "latched-acknowledged",
};

function unmoved(state: AlarmState): AlarmStep {
  return { state, transition: null };
}

/** The step to `state` with `change` made to it. */
function moved(
  rule: AlarmRule,
  state: AlarmState,
  change: Partial<AlarmState>,
  now: Stamp,
  told: Pick<AlarmTransition, "cause"> & Partial<AlarmTransition>,
): AlarmStep {
  const next = { ...state, ...change };
  const to = nameAfter(rule, state, next);
  const isAnswered = to === "acknowledged";
  const answeredAt = isAnswered ? (state.answeredAt ?? now.uptime) : null;
  const pendingSince = next.isOn === state.isOn ? state.pendingSince : null;
  // A suppression under a latch, or under a shelf, changes nothing yet that anyone could see.
  const isHidden = to === state.name && next.isSuppressed !== state.isSuppressed;
  if (isHidden) return unmoved(next);
  const isRaised = next.isOn && !state.isOn;
  const transition: AlarmTransition = {
    from: state.name,
    to,
    value: null,
    ...told,
    ...(isQuiet(to) ? { active: next.isOn } : {}),
    ...(isRaised && next.isFirst ? { first: true } : {}),
    ...((told.cause === "shelved" || told.cause === "out-of-service") && next.shelf !== null
      ? { until: (now.at + next.shelf.forMs) as typeof now.at }
      : {}),
  };
  return { state: { ...next, name: to, since: now.at, pendingSince, answeredAt }, transition };
}

/** Where the alarm stands in `next`, which came from `state`. */
function nameAfter(rule: AlarmRule, state: AlarmState, next: AlarmState): AlarmStateName {
  if (next.isOut) return "out-of-service";
  if (next.shelf !== null) return "shelved";
  const life = lifeAfter(rule, state, next);
  // A latch that was not reset is shown whatever stands beside it.
  return next.isSuppressed && !isLatched(life) ? "suppressed" : life;
}

/** Where it stands among the states A to F: after a quiet one where its condition stands now. */
function lifeAfter(rule: AlarmRule, state: AlarmState, next: AlarmState): AlarmStateName {
  const raised = rule.ack === false ? "acknowledged" : "unacknowledged";
  if (isQuiet(state.name)) return next.isOn ? raised : "normal";
  if (next.isOn === state.isOn) return next.name;
  if (next.isOn) return state.name === "latched-acknowledged" ? "acknowledged" : raised;
  if (state.name === "acknowledged") return rule.latch ? "latched-acknowledged" : "normal";
  return rule.latch ? "latched-unacknowledged" : "returned-unacknowledged";
}

/** Whether `state` belongs to the story of an alarm: its condition stands, or a delay runs. */
export function isUneasy({ name, isOn, pendingSince }: AlarmState): boolean {
  return isOn || isActive(name) || pendingSince !== null;
}
