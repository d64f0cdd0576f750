import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { WallMs } from "../core/time.ts";
import { Surroundings } from "./surroundings.ts";

const JULY = Date.UTC(2026, 6, 15) as WallMs;
const WINTER = { when: null, months: [11, 3] } as const;

function inJuly(state: "synced" | "unsynced") {
  const clock = new SimClock({ wall: JULY, state });
  const around = new Surroundings({
    ...{ clock, timeZone: "Asia/Shanghai", points: [], staleAfterMs: () => 1000 },
    ...{ isOn: () => false, isOut: () => false },
  });
  return { clock, isInForce: () => around.isInForce(WINTER, clock.uptime()) };
}

test("a season puts an alarm out of force by a clock that is believed, and by no other", (t) => {
  t.false(inJuly("synced").isInForce());
  t.true(inJuly("unsynced").isInForce(), "a clock that is not believed silences nothing");
});

test("until it is found out whether the clock is right, nothing is told of a season", (t) => {
  const { clock, isInForce } = inJuly("unsynced");
  clock.isAnswered = false;
  t.is(isInForce(), null, "the alarm stays as it was before the start");
  clock.isAnswered = true;
  t.true(isInForce());
});
