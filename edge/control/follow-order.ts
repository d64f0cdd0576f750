/** What a program wants to be told of. */
export type FollowOrder = {
  /** The first number that is wanted; null: what happens from now on. */
  readonly from: number | null;
  /** Ids of points, `*` being any run of characters. */
  readonly points: readonly string[];
  /** How long to wait for something, in milliseconds. */
  readonly waitMs: number;
  /** How long to wait for more once there is something, in milliseconds. */
  readonly gatherMs: number;
};

/** The most patterns of points, and the longest one. */
const POINTS_MAX = 64;
const PATTERN_MAX = 200;
/** The longest waits, in milliseconds: a client that is gone is noticed then. */
const WAIT_MAX_MS = 20_000;
const GATHER_MAX_MS = 2_000;

/** The order in the parameters of a call. Throws where it is none, saying why. */
export function followOrderOf(params: unknown): FollowOrder {
  const given = (params ?? {}) as Readonly<Record<string, unknown>>;
  const { from = null, points = ["*"], waitMs = 0, gatherMs = 0 } = given;
  const isList = Array.isArray(points) && points.length > 0 && points.length <= POINTS_MAX;
  if (!isList || !points.every(isPattern)) {
    throw new Error(`points must be 1 to ${POINTS_MAX} texts of 1 to ${PATTERN_MAX} characters`);
  }
  return {
    from: from === null ? null : wholeIn("from", from, Number.MAX_SAFE_INTEGER),
    points,
    waitMs: wholeIn("waitMs", waitMs, WAIT_MAX_MS),
    gatherMs: wholeIn("gatherMs", gatherMs, GATHER_MAX_MS),
  };
}

function isPattern(text: unknown): text is string {
  return typeof text === "string" && text !== "" && text.length <= PATTERN_MAX;
}

function wholeIn(name: string, value: unknown, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max) {
    return value as number;
  }
  throw new Error(`${name} must be a whole number from 0 to ${max}`);
}
