import type { InterlockRule } from "../../edge/core/interlock.ts";
import type { Inputs } from "../../edge/interlock/state.ts";

/** An interlock as it is when nothing is said of it: it shuts a valve, and opens it again. */
export const INTERLOCK: InterlockRule = {
  name: "shut-off",
  write: "valve-1.shut",
  value: true,
  release: false,
  alarms: [],
  onFault: false,
  faultAfterMs: 0,
  minOnMs: 0,
  maxOnMs: null,
  verify: true,
  retries: 3,
  retryEveryMs: 500,
  expiryMs: 10_000,
  testMs: 2000,
  permissive: [],
  deadMan: null,
};

/** Nothing asks for it. */
export const CALM: Inputs = {
  demand: null,
  asking: [],
  standing: [],
  isJudged: true,
  isPermitted: true,
  isHeldByOther: false,
  isToldByOther: false,
};

/** One alarm asks for it. */
export const ASKED: Inputs = {
  ...CALM,
  demand: { cause: "alarm", by: "gas-high" },
  asking: ["gas-high"],
  standing: ["gas-high"],
};
