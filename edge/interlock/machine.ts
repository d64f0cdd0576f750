import type { InterlockRule } from "../core/interlock.ts";
import { after, type UptimeMs } from "../core/time.ts";
import {
  endOverride,
  endTest,
  isOver,
  letGo,
  type Moment,
  move,
  OFF,
  type Step,
  spend,
  tell,
  trip,
  tryAgain,
  UNSPENT,
} from "./moves.ts";
import {
  goalValue,
  type Inputs,
  type InterlockState,
  type Outcome,
  type Stimulus,
} from "./state.ts";

/** An output that does not obey is told anew at least so often, in milliseconds. */
const RETRY_WITHIN_MS = 30_000;
/** And takes its bus, at most, one part in so many. */
const BUS_SHARE = 10;

/** More moves than states there can be follow from one stimulus only by a fault in here. */
const MOVES_MAX = 8;

/** What `rule` makes of `stimulus` in `state`, at elapsed time `now`. */
export function stepInterlock(
  rule: InterlockRule,
  state: InterlockState,
  stimulus: Stimulus,
  inputs: Inputs,
  now: UptimeMs,
): Step {
  const at: Moment = { rule, inputs, now };
  let step: Step | null = react(at, state, stimulus);
  let reached = step ?? { state, turns: [] };
  for (let moves = 0; ; moves++) {
    step = look(at, reached.state);
    if (step === null) return reached;
    if (moves === MOVES_MAX) throw new Error(`interlock ${rule.name} finds no rest`);
    reached = { state: step.state, turns: [...reached.turns, ...step.turns] };
  }
}

/** What the stimulus itself does; null where it does nothing. */
function react(at: Moment, state: InterlockState, stimulus: Stimulus): Step | null {
  const { name } = state;
  switch (stimulus.kind) {
    case "look":
      return null;
    case "outcome":
      if (stimulus.id !== state.command?.id) return null;
      return stimulus.outcome.kind === "obeyed"
        ? onObeyed(at, state, stimulus.outcome, stimulus.attempts)
        : onFailed(at, state, stimulus.outcome, stimulus);
    case "drifted": {
      const told = { cause: "drifted", readBack: stimulus.readBack } as const;
      // Nobody has reset an output that fell by itself: it is to stay until somebody does.
      const isToStay = name === "held" && stimulus.isOwn;
      if (name === "tripped" || name === "holding" || isToStay) {
        return tell(at, state, "tripping", "trip", told);
      }
      // Whoever wrote it by hand has reset it.
      return name === "held" ? move(state, "idle", told, OFF) : null;
    }
    case "override":
      return override(at, state, stimulus);
    case "test": {
      // What another has on, or is writing back, is not to be tried: it would be left as it is now.
      if (name !== "idle" || at.inputs.isHeldByOther || at.inputs.isToldByOther) return null;
      // What is held back by design is held back from a test too.
      if (!at.inputs.isPermitted) return null;
      const { who, before } = stimulus;
      const trying = { ...state, isOn: true, test: { who, before, until: null } };
      return tell(at, trying, "testing", "trip", { cause: "test", who, trip: null });
    }
    case "release": {
      const { who } = stimulus;
      if (name === "held") return move(state, "idle", { cause: "reset", who }, OFF);
      return name === "overridden" ? endOverride(at, state, { cause: "reset", who }) : null;
    }
    case "yield":
      return giveWay(state);
  }
}

type Ended = Extract<Stimulus, { readonly kind: "outcome" }>;
type Obeyed = Extract<Outcome, { readonly kind: "obeyed" }>;
type Failed = Extract<Outcome, { readonly kind: "failed" }>;

function onObeyed(
  at: Moment,
  state: InterlockState,
  { readBack, isRepeat }: Obeyed,
  attempts: number,
): Step {
  const { rule, inputs, now } = at;
  const { name, command, onSince, test, isSpent } = state;
  const goal = command?.goal ?? "trip";
  const cause = rule.verify ? "verified" : isRepeat ? "repeated" : "confirmed";
  const value = goalValue(rule, state, goal);
  const told = { cause, readBack, attempts, value } as const;
  if (goal === "trip" && test !== null && name === "testing") {
    const until = after(now, rule.testMs);
    return move(state, "testing", told, { command: null, test: { ...test, until } });
  }
  if (goal === "trip") {
    return move(state, "tripped", told, { command: null, onSince: onSince ?? now });
  }
  if (name === "overridden") return move(state, "overridden", told, OFF);
  if (isSpent && inputs.demand !== null) return move(state, "spent", told, OFF);
  return move(state, "idle", told, { ...OFF, ...UNSPENT });
}

function onFailed(
  at: Moment,
  state: InterlockState,
  { reason, readBack }: Failed,
  { attempts, tookMs }: Ended,
): Step {
  const { rule, now } = at;
  const { name, command } = state;
  if (command === null) return { state, turns: [] };
  const value = goalValue(rule, state, command.goal);
  const told = { cause: "not-obeyed", reason, readBack, attempts, value } as const;
  // What was never written need not be written back.
  if (name === "testing" && attempts === 0) return move(state, "idle", told, OFF);
  if (name === "testing") return endTest(at, state, told);
  const shareMs = tookMs * (BUS_SHARE - 1);
  const pauseMs = Math.min(RETRY_WITHIN_MS, Math.max(rule.retryEveryMs, shareMs));
  const failed = { command: { ...command, retryAt: after(now, pauseMs) } };
  if (name === "overridden") return move(state, name, told, failed);
  // That it goes on is not told again and again: the status says so.
  if (name === "not-obeying") return { state: { ...state, ...failed }, turns: [] };
  return move(state, "not-obeying", told, failed);
}

function override(
  at: Moment,
  state: InterlockState,
  { who, reason, forMs }: Extract<Stimulus, { readonly kind: "override" }>,
): Step | null {
  if (state.name === "testing") return null;
  const until = after(at.now, forMs);
  const told = { cause: "override", who, note: reason, until } as const;
  const given = { who, reason, forMs, until, end: null, isGuessed: false };
  const out = { ...state, override: given, test: null };
  const { isOn, command } = state;
  const isBackDue = isOn && at.rule.release !== null && !at.inputs.isHeldByOther;
  if (!isBackDue) return move(out, "overridden", told, { command: null });
  const isOnItsWay = command?.goal === "back";
  return isOnItsWay ? move(out, "overridden", told, {}) : tell(at, out, "overridden", "back", told);
}

/** Another interlock has taken the output: what it is to be is not for this one to say. */
function giveWay(state: InterlockState): Step | null {
  const { name, command } = state;
  if (command?.goal !== "back") return null;
  if (name === "overridden") return { state: { ...state, ...OFF }, turns: [] };
  return move(state, state.isSpent ? "spent" : "idle", { cause: "shared" }, OFF);
}

/** What follows from the inputs and the time; null where all is as it should be. */
function look(at: Moment, state: InterlockState): Step | null {
  const { rule, inputs, now } = at;
  const { name, isSpent, test, override } = state;
  const { demand } = inputs;
  switch (name) {
    case "idle":
      if (demand === null) return null;
      if (inputs.isPermitted) return trip(at, state);
      return move(state, "blocked", { cause: "not-permitted", by: demand.by }, {});
    case "blocked":
      if (demand === null) return move(state, "idle", { cause: "returned" }, {});
      return inputs.isPermitted ? trip(at, state) : null;
    case "tripped":
      if (isOver(state.onSince, rule.maxOnMs, now)) {
        return spend(at, state, { cause: "max-on" });
      }
      if (demand !== null) return null;
      return isOver(state.onSince, rule.minOnMs, now)
        ? letGo(at, state, { cause: "returned" })
        : move(state, "holding", { cause: "returned" }, {});
    case "holding":
      if (demand !== null) return move(state, "tripped", demand, {});
      return isOver(state.onSince, rule.minOnMs, now)
        ? letGo(at, state, { cause: "returned" })
        : null;
    case "releasing":
      return lookForAnother(at, state) ?? (isAskedAnew(at) && !isSpent ? trip(at, state) : null);
    case "held":
      return demand === null ? null : trip(at, state);
    case "spent":
      if (demand === null && inputs.isJudged) {
        return move(state, "idle", { cause: "returned" }, UNSPENT);
      }
      return lookForAnother(at, state);
    case "not-obeying":
      return lookAtDisobedient(at, state);
    case "overridden":
      if (override !== null && now < override.until) return tryAgain(state, now);
      return endOverride(at, state, { cause: "override-over" });
    case "testing":
      if (isAskedAnew(at)) return trip(at, state);
      if (test?.until == null || now < test.until) return null;
      return endTest(at, state, { cause: "test-over" });
    case "resuming":
      return resume(at, state);
    case "tripping":
      // What was begun is ended: a condition that comes and goes trips too.
      return null;
  }
}

/** Whether a trip is asked for that may begin: what is let go, or only tried, has none. */
function isAskedAnew({ inputs }: Moment): boolean {
  return inputs.demand !== null && inputs.isPermitted;
}

/**
 * While the trip is spent, what it was spent for does not ask again until it was over; an alarm
 * that comes meanwhile may be a graver one, and is a new trip.
 */
function lookForAnother(at: Moment, state: InterlockState): Step | null {
  const { asking, standing, isPermitted } = at.inputs;
  if (!state.isSpent) return null;
  const other = asking.find((alarm) => !state.spentOf.includes(alarm));
  if (other !== undefined && isPermitted) return trip(at, state, { cause: "alarm", by: other });
  const spentOf = state.spentOf.filter((alarm) => standing.includes(alarm));
  const isAsBefore = spentOf.length === state.spentOf.length;
  return isAsBefore ? null : { state: { ...state, spentOf }, turns: [] };
}

function lookAtDisobedient(at: Moment, state: InterlockState): Step | null {
  const { demand } = at.inputs;
  const isTrip = state.command?.goal === "trip";
  // What was on, and is to stay until it is reset, is not held before it is on again.
  const isToStay = at.rule.release === null && state.onSince !== null;
  if (isTrip && demand === null && !isToStay) return letGo(at, state, { cause: "returned" });
  if (!isTrip && isAskedAnew(at) && !state.isSpent) return trip(at, state);
  const another = isTrip ? null : lookForAnother(at, state);
  if (another !== null) return another;
  return tryAgain(state, at.now);
}

/** A trip goes on after a restart: the output is looked at, and told only where it is not so. */
function resume(at: Moment, state: InterlockState): Step | null {
  const { demand, isJudged } = at.inputs;
  if (demand === null) return isJudged ? move(state, "holding", { cause: "restart" }, {}) : null;
  const told = { cause: "restart", by: demand.by } as const;
  if (state.isSpent) return lookForAnother(at, state) ?? spend(at, state, told);
  const step = tell(at, state, "tripping", "trip", told);
  const { command } = step.state;
  return { ...step, state: { ...step.state, command: command && { ...command, isCheck: true } } };
}
