import type { UptimeMs, WallMs } from "./time.ts";

/**
 * Where an interlock stands.
 *
 * - `idle`: nothing asks for it, and it holds nothing
 * - `blocked`: it is asked for, and a permissive condition does not hold or is not known
 * - `tripping`: its output is being written
 * - `tripped`: the output is as it should be, and the condition stands
 * - `holding`: the condition is over, the shortest time on is not
 * - `releasing`: the output is being written back
 * - `held`: the condition is over, and the output stays until somebody resets it
 * - `spent`: the longest time on is over and the output was released, though the condition stands
 * - `not-obeying`: the output could not be made what it should be; it is tried on
 * - `overridden`: a person has taken it out of work, until a stated moment
 * - `testing`: a person tries the output
 * - `resuming`: it was tripped when the gateway ended, and its alarm was not judged since
 */
export type InterlockStateName =
  | "idle"
  | "blocked"
  | "tripping"
  | "tripped"
  | "holding"
  | "releasing"
  | "held"
  | "spent"
  | "not-obeying"
  | "overridden"
  | "testing"
  | "resuming";

/** A condition on the newest good value of a point; without one it does not hold. */
export type Condition = {
  readonly point: string;
  /** `is` for a bool, `above` and `below` for a number, without equality. */
  readonly test: "is" | "above" | "below";
  readonly than: boolean | number;
};

/** The communication watchdog of an output's device: without traffic it sets its outputs itself. */
export type DeadMan = {
  /** Where the device tells its time-out; only ever read. */
  readonly point: string;
  /** What the point must read as, in its own unit. */
  readonly expected: number;
};

/** An alarm that trips an interlock, and the points that it is judged by. */
export type InterlockAlarm = {
  readonly alarm: string;
  /** Without any of these it cannot be judged. */
  readonly points: readonly string[];
  /** Points of which it can `spare` so many, and no more; left out: there are none. */
  readonly votes?: readonly { readonly points: readonly string[]; readonly spare: number }[];
};

/** Every point that `alarm` is judged by. */
export function pointsOfAlarm({ points, votes = [] }: InterlockAlarm): readonly string[] {
  return [...points, ...votes.flatMap((vote) => vote.points)];
}

/** An action at the edge that is tied to alarms. */
export type InterlockRule = {
  readonly name: string;
  /** The point that is written: a coil or a holding register. */
  readonly write: string;
  /** What it is when tripped. */
  readonly value: boolean | number;
  /** What it is written back to; null where it stays until somebody resets it. */
  readonly release: boolean | number | null;
  /** Any of these being active trips it. */
  readonly alarms: readonly InterlockAlarm[];
  /** Whether it trips too where an alarm cannot be judged, because such points are bad. */
  readonly onFault: boolean;
  /** For so long a point must be bad until that counts, in milliseconds. */
  readonly faultAfterMs: number;
  /** The shortest time on, in milliseconds. */
  readonly minOnMs: number;
  /** The longest time on, in milliseconds; null for as long as the condition stands. */
  readonly maxOnMs: number | null;
  /** Whether the output is read back after each write. */
  readonly verify: boolean;
  /** How often a command that was not obeyed is tried again. */
  readonly retries: number;
  /** The pause between two tries, in milliseconds. */
  readonly retryEveryMs: number;
  /** A command that could not be done within this is never done, in milliseconds. */
  readonly expiryMs: number;
  /** How long a test keeps the output on, in milliseconds. */
  readonly testMs: number;
  /** All of them must hold for it to trip; none of them matters once it has. */
  readonly permissive: readonly Condition[];
  readonly deadMan: DeadMan | null;
};

/** A person has taken an interlock out of work. */
export type Override = {
  readonly who: string;
  readonly reason: string;
  /** How long it was asked for, in milliseconds. */
  readonly forMs: number;
  /** When it ends by itself, by wall time. */
  readonly until: WallMs;
  /** Whether that time can be believed; left out: nobody knows. */
  readonly isKnown?: boolean;
  /** What was left of it when this was stored, in milliseconds; left out: not known. */
  readonly leftMs?: number;
  /** When it ends by elapsed time, and in which boot; left out: not known. */
  readonly boot?: { readonly id: string; readonly until: UptimeMs };
  /** Whether nobody could tell how long the machine was off since it was given. */
  readonly isGuessed?: boolean;
};

/** What is kept of an interlock over a restart. */
export type InterlockMemory = {
  readonly interlock: string;
  readonly state: InterlockStateName;
  /** The number of its latest trip, 0 before the first: the same trip never acts twice. */
  readonly trip: number;
  /** Whether the trip had its longest time on. */
  readonly isSpent: boolean;
  /** The alarms that stood then and since; null or left out: not known, which means each. */
  readonly spentOf?: readonly string[] | null;
  /** Whether the output is on, or was last told to be. */
  readonly isOn: boolean;
  /** Since when the output has been on, as far as is known. */
  readonly onSince: WallMs | null;
  /** The same by elapsed time, and in which boot of the machine; left out: not known. */
  readonly onBoot?: { readonly id: string; readonly since: UptimeMs };
  readonly override: Override | null;
  /** What its output was before a test that was not over. */
  readonly before: boolean | number | null;
  /** What the rule was about: a memory of another output or value means nothing. */
  readonly basis: Pick<InterlockRule, "write" | "value">;
};

/** The end of the chain of events of interlocks and documents: what the next one is linked to. */
export type ChainHead = {
  /** The number of the last event, 0 before the first. */
  readonly n: number;
  /** Its SHA-256, 64 hexadecimal digits; all zeros before the first. */
  readonly hash: string;
};

/** The end of the chain as it was stored last, and the seq of its event. */
export type ChainEnd = ChainHead & { readonly seq: number };

/** What the buffer keeps of all interlocks, in place of what it kept before. */
export type Interlocks = {
  /** Part of the key of every trip: new whenever nothing is remembered, so that none comes twice. */
  readonly origin: string;
  readonly chain: ChainHead;
  readonly memories: readonly InterlockMemory[];
};

/** What a chain begins with. */
export const CHAIN_START: ChainHead = { n: 0, hash: "0".repeat(64) };
