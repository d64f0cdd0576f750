/** What a person wants of an interlock. */
export type InterlockOrder = {
  readonly interlock: string;
  readonly who: string;
} & (
  | { readonly action: "test" | "release" }
  | {
      readonly action: "override";
      /** In milliseconds, `OVERRIDE_MAX_MS` at most. */
      readonly forMs: number;
      readonly reason: string;
    }
);

/** The shortest and the longest override, in milliseconds: a minute and a day. */
export const OVERRIDE_MIN_MS = 60_000;
export const OVERRIDE_MAX_MS = 86_400_000;
/** The longest reason, in characters. */
export const REASON_MAX = 200;

/**
 * What became of an order.
 *
 * - `done`: it holds; of a test, the output obeyed both ways
 * - `failed`: of a test, the output did not obey
 * - `interrupted`: of a test, something else came between; that went first
 * - `unreadable`: of a test, what the output was before is not known, so that nothing was tried
 * - `not-permitted`: of a test, a permissive condition does not hold, of the points in `reason`
 * - `no-effect`: the interlock is not in a state for it
 * - `unknown`: there is no such interlock
 * - `stopping`: the gateway takes no more
 */
export type InterlockAnswer = {
  readonly outcome:
    | "done"
    | "failed"
    | "interrupted"
    | "unreadable"
    | "not-permitted"
    | "no-effect"
    | "unknown"
    | "stopping";
  /** The state that the interlock is in, or "" where there is none. */
  readonly state: string;
  /** Why an output did not obey, could not be read, or is not tried; left out where it did. */
  readonly reason?: string;
};

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function interlockOrderOf(params: unknown): InterlockOrder {
  const given = (params ?? {}) as Partial<Record<string, unknown>>;
  const { action, interlock, who, forMs, reason } = given;
  if (typeof interlock !== "string" || typeof who !== "string") {
    throw new Error("interlock needs an interlock and who acts");
  }
  switch (action) {
    case "test":
    case "release":
      return { action, interlock, who };
    case "override":
      if (typeof forMs !== "number" || !(forMs >= OVERRIDE_MIN_MS && forMs <= OVERRIDE_MAX_MS)) {
        throw new Error(`an override is for ${OVERRIDE_MIN_MS} to ${OVERRIDE_MAX_MS} ms`);
      }
      if (typeof reason !== "string" || reason.trim() === "" || reason.length > REASON_MAX) {
        throw new Error(`an override needs a reason of 1 to ${REASON_MAX} characters`);
      }
      return { action, interlock, who, forMs, reason };
    default:
      throw new Error("interlock takes test, override and release");
  }
}
