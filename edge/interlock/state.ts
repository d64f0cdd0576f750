import type { InterlockCause, InterlockEvent } from "../core/event.ts";
import type { InterlockRule, InterlockStateName } from "../core/interlock.ts";
import type { Value } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";

/** What an output is to be: as tripped, or as it is written back. */
export type Goal = "trip" | "back";

/** What the output is told, or could not be told. */
export type Command = {
  /** No other command of this interlock has it, in this run. */
  readonly id: number;
  readonly goal: Goal;
  /** When it is told anew, as a new command; null while this one is under way. */
  readonly retryAt: UptimeMs | null;
  /** Whether the output is read first, and told only where it is not so already. */
  readonly isCheck: boolean;
};

/** What asks for an interlock: an active alarm, or a point that has been bad for too long. */
export type Demand = { readonly cause: "alarm" | "fault"; readonly by: string };

/** All that an interlock goes on from. */
export type InterlockState = {
  readonly name: InterlockStateName;
  /** The number of the latest trip, 0 before the first. */
  readonly trip: number;
  /** Whether that trip had its longest time on. */
  readonly isSpent: boolean;
  /** The alarms that stood then and since: they do not ask again. Another one does. */
  readonly spentOf: readonly string[];
  /** Whether the output is on, or was last told to be. */
  readonly isOn: boolean;
  /** Since when it has been known to be on in this trip, or null. */
  readonly onSince: UptimeMs | null;
  /** Null where the output is as it was told. */
  readonly command: Command | null;
  /** How many commands there were. */
  readonly commands: number;
  readonly override: OverrideState | null;
  readonly test: TestState | null;
  /** What asked for the latest trip. */
  readonly by: string | null;
};

export type OverrideState = {
  readonly who: string;
  readonly reason: string;
  readonly forMs: number;
  readonly until: UptimeMs;
  /** When it ends by wall time, as told before a restart; null where only elapsed time tells. */
  readonly end: WallMs | null;
  /** Whether `until` is no more than a guess, for want of the time, until `end` can be believed. */
  readonly isGuessed: boolean;
};

export type TestState = {
  readonly who: string;
  /** What the output was before. */
  readonly before: boolean | number;
  /** Null until the output is on. */
  readonly until: UptimeMs | null;
};

/** What is known of the world around an interlock. */
export type Inputs = {
  /** Of the alarms that were judged since the gateway started. */
  readonly demand: Demand | null;
  /** All alarms that ask, by name; of the same. */
  readonly asking: readonly string[];
  /** All alarms whose condition is present, as far as is known, also from before the start. */
  readonly standing: readonly string[];
  /** Whether all of them were, by a reading, good or bad. */
  readonly isJudged: boolean;
  /** Whether every permissive condition holds. */
  readonly isPermitted: boolean;
  /** Whether another interlock has the same output on: any trip wins. */
  readonly isHeldByOther: boolean;
  /** Whether another interlock is telling the same output what it is to be. */
  readonly isToldByOther: boolean;
};

/** What came of a command. */
export type Outcome =
  | {
      readonly kind: "obeyed";
      readonly readBack: Value | null;
      /** Whether all that speaks for it is the write coming back, which an echo does too. */
      readonly isRepeat: boolean;
    }
  | {
      readonly kind: "failed";
      readonly readBack: Value | null;
      readonly reason: NonNullable<InterlockEvent["reason"]>;
    };

/** What can move an interlock; `look`: its inputs, or the time, may be others than before. */
export type Stimulus =
  | { readonly kind: "look" | "yield" }
  | {
      readonly kind: "outcome";
      readonly id: number;
      readonly outcome: Outcome;
      readonly attempts: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: "drifted";
      readonly readBack: Value;
      /** Whether nobody but this gateway drives the output. */
      readonly isOwn: boolean;
    }
  | {
      readonly kind: "override";
      readonly who: string;
      readonly reason: string;
      readonly forMs: number;
    }
  | { readonly kind: "test"; readonly who: string; readonly before: boolean | number }
  | { readonly kind: "release"; readonly who: string };

/** A transition, without what the desk knows of the event. */
export type Turn = Pick<InterlockEvent, "from" | "to" | "cause" | "by" | "readBack"> &
  Partial<Pick<InterlockEvent, "reason" | "attempts" | "who" | "note">> & {
    /** The number of the trip that it belongs to, or null. */
    readonly trip: number | null;
    readonly value: Value | null;
    readonly until?: UptimeMs;
  };

/** What a turn says beside where from and where to. */
export type Told = Partial<Omit<Turn, "from" | "to">> & { readonly cause: InterlockCause };

/** An interlock that never acted. */
export const NEVER_TRIPPED: InterlockState = {
  name: "idle",
  trip: 0,
  isSpent: false,
  spentOf: [],
  isOn: false,
  onSince: null,
  command: null,
  commands: 0,
  override: null,
  test: null,
  by: null,
};

/** Whether the interlock wants its output on: another on the same output must not release it. */
export function wantsOn({ name, command }: InterlockState): boolean {
  switch (name) {
    case "tripping":
    case "tripped":
    case "holding":
    case "held":
    case "testing":
    case "resuming":
      return true;
    case "not-obeying":
      return command?.goal === "trip";
    case "idle":
    case "blocked":
    case "releasing":
    case "spent":
    case "overridden":
      return false;
  }
}

/** The value that the output has for `goal`. */
export function goalValue(rule: InterlockRule, { test }: InterlockState, goal: Goal): Value | null {
  if (goal === "trip") return rule.value;
  return test === null ? rule.release : test.before;
}

/** When the interlock is to be looked at by itself; null where nothing is due. */
export function nextAt(rule: InterlockRule, state: InterlockState): UptimeMs | null {
  const { name, onSince, command, override, test } = state;
  const isOnFor = name === "tripped" ? rule.maxOnMs : name === "holding" ? rule.minOnMs : null;
  const moments = [
    onSince === null || isOnFor === null ? null : onSince + isOnFor,
    name === "not-obeying" || name === "overridden" ? (command?.retryAt ?? null) : null,
    name === "overridden" ? (override?.until ?? null) : null,
    name === "testing" ? (test?.until ?? null) : null,
  ].filter((at) => at !== null);
  return moments.length === 0 ? null : (Math.min(...moments) as UptimeMs);
}
