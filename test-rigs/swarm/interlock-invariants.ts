import { CauseTruth } from "./interlock-causes.ts";
import {
  findForgottenTrip,
  findMissedTrip,
  findUndoneOrder,
  findUnreleased,
  findUnwrittenTrip,
  findWrongOutput,
} from "./interlock-duty.ts";
import {
  findBrokenInterlockChain,
  findCauselessMove,
  findFalseVerification,
  findRepeatedTrip,
  findUncalledWrite,
  findWrongDuration,
} from "./interlock-truth.ts";
import type { Evidence, Invariant } from "./invariants.ts";

const withCauses =
  (find: (evidence: Evidence, causes: CauseTruth) => string | null) => (evidence: Evidence) =>
    find(evidence, new CauseTruth(evidence));

/** What holds of interlocks at any time, by what was on the wire and what their alarms say. */
export const INTERLOCKING: readonly Invariant[] = [
  { name: "no interlock acts without a cause", check: withCauses(findCauselessMove) },
  {
    name: "no output is written unasked, nor later than the expiry",
    check: withCauses(findUncalledWrite),
  },
  { name: "an alarm that stands trips its interlocks", check: withCauses(findMissedTrip) },
  { name: "what nothing asks for any more is let go", check: withCauses(findUnreleased) },
  { name: "a trip that its bus can carry is written", check: findUnwrittenTrip },
  { name: "the same trip is never begun twice", check: findRepeatedTrip },
  { name: "the shortest and the longest time on are kept", check: findWrongDuration },
  { name: "an output is said to obey only where it does", check: findFalseVerification },
  { name: "a trip goes on over a crash", check: withCauses(findForgottenTrip) },
  { name: "an order about an interlock is done as it is told", check: findUndoneOrder },
  { name: "the chain of interlock events is whole at the centre", check: findBrokenInterlockChain },
  { name: "a tripped output is on when all is calm", check: findWrongOutput },
];
