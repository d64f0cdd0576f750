import test from "ava";
import { actorName, outcomeText } from "./alarms.ts";

test("who acts is the user by name, or by number where the system knows no name", (t) => {
  const nameless = () => {
    throw new Error("ENOENT: no such file or directory, uv_os_get_passwd");
  };
  t.is(
    actorName(() => ({ username: "crew" }), 1000),
    "crew",
  );
  t.is(actorName(nameless, 54_321), "uid 54321");
});

test("it is said to be done only where the gateway says so", (t) => {
  t.is(outcomeText("acknowledge", "done"), "acknowledgeDone");
  t.is(outcomeText("acknowledge", "no-effect"), "acknowledgeNoEffect");
  t.is(outcomeText("reset", "no-effect"), "resetNoEffect");
  t.is(outcomeText("reset", "not-stored"), "doneNotStored");
  t.is(outcomeText("reset", "stopping"), "gatewayStops");
  for (const answer of ["perhaps", "toString", null, {}, true]) {
    t.is(outcomeText("reset", answer), "unknownOutcome");
  }
});
