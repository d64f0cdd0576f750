import type { InterlockRule, InterlockStateName } from "../core/interlock.ts";
import { after, type UptimeMs } from "../core/time.ts";
import {
  type Goal,
  goalValue,
  type Inputs,
  type InterlockState,
  type Told,
  type Turn,
} from "./state.ts";

/** What is made of a stimulus. A new command in the state is to be carried out. */
export type Step = { readonly state: InterlockState; readonly turns: readonly Turn[] };

/** What a move is judged by. */
export type Moment = {
  readonly rule: InterlockRule;
  readonly inputs: Inputs;
  readonly now: UptimeMs;
};

/** Nothing is on, and nothing is to be told. */
export const OFF = { isOn: false, onSince: null, command: null, test: null } as const;
/** Whatever asks, asks anew. */
export const UNSPENT = { isSpent: false, spentOf: [] } as const;

/** A new trip. */
export function trip(at: Moment, state: InterlockState, demand = at.inputs.demand): Step {
  const by = demand?.by ?? null;
  const number = state.trip + 1;
  const fresh = { ...UNSPENT, isOn: true, onSince: null, override: null, test: null };
  const tripped = { ...state, ...fresh, trip: number, by };
  return tell(at, tripped, "tripping", "trip", { cause: demand?.cause ?? "alarm", by });
}

/** The condition is over: the output is written back, or held, or left to another interlock. */
export function letGo(at: Moment, state: InterlockState, told: Told): Step {
  if (at.rule.release === null) return move(state, "held", told, { command: null });
  if (at.inputs.isHeldByOther) return move(state, "idle", { ...told, cause: "shared" }, OFF);
  return tell(at, state, "releasing", "back", told);
}

/** The longest time on is over: likewise, though the condition stands. */
export function spend(at: Moment, state: InterlockState, told: Told): Step {
  // One that was spent before the gateway started is so for what stood then.
  const spentOf = state.isSpent ? state.spentOf : at.inputs.standing;
  const spent = { ...state, isSpent: true, spentOf };
  if (at.inputs.isHeldByOther) return move(spent, "spent", told, OFF);
  return tell(at, spent, "releasing", "back", told);
}

/** The output is written back to what it was, unless another interlock has taken it. */
export function endTest(at: Moment, state: InterlockState, told: Told): Step {
  if (at.inputs.isHeldByOther) return move(state, "idle", { ...told, cause: "shared" }, OFF);
  return tell(at, state, "releasing", "back", told);
}

/** The override is over: what it left on is let go where nothing asks for it. */
export function endOverride(at: Moment, state: InterlockState, told: Told): Step {
  const out = { ...state, override: null, command: null };
  const isToLetGo = state.isOn && at.inputs.demand === null;
  return isToLetGo ? letGo(at, out, told) : move(out, "idle", told, {});
}

/** Goes to `to` with a new command. */
export function tell(
  at: Moment,
  state: InterlockState,
  to: InterlockStateName,
  goal: Goal,
  told: Told,
) {
  const id = state.commands + 1;
  const command = { id, goal, retryAt: null, isCheck: false };
  const value = goalValue(at.rule, state, goal);
  return move(state, to, { value, ...told }, { commands: id, command });
}

/** The same as a new command, once its pause is over: the old one is never done late. */
export function tryAgain(state: InterlockState, now: UptimeMs): Step | null {
  const { command, commands } = state;
  if (command?.retryAt == null || now < command.retryAt) return null;
  const id = commands + 1;
  const anew = { ...command, id, retryAt: null, isCheck: false };
  return { state: { ...state, commands: id, command: anew }, turns: [] };
}

/** Goes to `to` with `change`, telling `told`. */
export function move(
  state: InterlockState,
  to: InterlockStateName,
  told: Told,
  change: Partial<InterlockState>,
): Step {
  const { name: from, trip, by } = state;
  const isWithoutOne = to !== "tripping" && (from === "idle" || from === "blocked");
  const isOfTrip = trip > 0 && state.test === null && !isWithoutOne;
  const ofTrip = isOfTrip ? { by, trip } : { by: null, trip: null };
  const common = { from, to, ...ofTrip, readBack: null, value: null };
  return { state: { ...state, ...change, name: to }, turns: [{ ...common, ...told }] };
}

/** Whether what began at `since`, null for never, has lasted for `ms`; never where that is null. */
export function isOver(since: UptimeMs | null, ms: number | null, now: UptimeMs): boolean {
  return ms !== null && (since === null || now >= after(since, ms));
}
