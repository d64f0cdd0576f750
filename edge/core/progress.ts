import { after, type UptimeMs } from "./time.ts";

/** What a loop is doing: resting until something happens or a time comes, or at its work. */
export type Progress =
  | { readonly kind: "resting"; readonly until: UptimeMs }
  | { readonly kind: "working"; readonly since: UptimeMs };

/** The parts of the gateway that have a loop of their own. */
export type LoopKind = "bus" | "alarms" | "interlocks" | "buffer" | "destination";

/** A loop of the gateway and what it is doing. */
export type LoopProgress = {
  readonly kind: LoopKind;
  /** The bus or destination; for the others the same as `kind`. */
  readonly name: string;
  readonly progress: Progress;
};

/** What is known of one loop. */
export type LoopHealth = {
  readonly kind: LoopKind;
  readonly name: string;
  /** `hung`: one turn takes longer than any may, or it has overslept by so much. */
  readonly state: "resting" | "working" | "hung";
  /** How long its turn has taken so far, or by how much it has overslept, in milliseconds. */
  readonly forMs: number;
};

/**
 * How long one turn of a loop may take, in milliseconds. The longest that one of a bus takes is an
 * exchange of a frame of 256 bytes at 300 baud with its retries; a destination may try a list of
 * brokers, half a minute each.
 */
const TURN_MAX_MS: Readonly<Record<LoopKind, number>> = {
  alarms: 30_000,
  interlocks: 30_000,
  bus: 60_000,
  destination: 300_000,
  buffer: 60_000,
};

/** What `loop` is found to be at `now`. */
export function healthOf({ kind, name, progress }: LoopProgress, now: UptimeMs): LoopHealth {
  const isResting = progress.kind === "resting";
  const from = isResting ? progress.until : progress.since;
  const forMs = Math.max(0, Math.round(now - from));
  const isHung = now > after(from, TURN_MAX_MS[kind]);
  return { kind, name, state: isHung ? "hung" : progress.kind, forMs };
}

/**
 * Whether a restart may heal what is wrong with `loops`. A buffer that hangs hangs at its disk,
 * which no restart mends, and it would take away the alarms that are judged in memory meanwhile.
 */
export function isRestartDue(loops: readonly LoopHealth[]): boolean {
  return loops.some(({ kind, state }) => state === "hung" && kind !== "buffer");
}
