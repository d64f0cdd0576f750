import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { EnrolmentStatus, FirstBoot, Stage } from "./core/first-boot.ts";
import { FirstSteps } from "./first-steps.ts";
import type { Turn } from "./gateway-event.ts";

const REFUSED: FirstBoot = {
  ...{ v: 1, outcome: "refused", gateway: "gw-1", taken: [] },
  refused: [{ code: "changed", file: "claim" }],
  noted: [{ code: "network-key", about: "line 4: DHPC" }],
};

/** A gateway whose card was told of as `untold` says, and whose disk `fails`. */
function rig(untold: FirstBoot | null, fails = false) {
  const clock = new SimClock({ state: "synced" });
  const [turns, shown, log]: [Turn[], Stage[], string[]] = [[], [], []];
  const at = { untold, enrolment: null as EnrolmentStatus | null, quality: "bad:not-yet-read" };
  const noted = (note: () => void) => {
    if (!fails) note();
    return fails ? Promise.reject(new Error("disk full")) : Promise.resolve();
  };
  const notes = {
    untold: () => at.untold,
    told: () =>
      noted(() => {
        at.untold = null;
      }),
    show: (stage: Stage) => noted(() => shown.push(stage)),
  };
  const status = () => ({
    points: [{ quality: at.quality }] as never,
    ...(at.enrolment !== null && { enrolment: at.enrolment }),
  });
  const world = { clock, log: (_: unknown, text: string) => log.push(text) };
  const parts = { world, gateway: "gw-1", notes, status, tell: (turn: Turn) => turns.push(turn) };
  const end = new AbortController();
  void new FirstSteps(parts, end.signal).run().catch(() => {});
  return { clock, turns, shown, log, at, end };
}

test("what was refused of a card is told to the centre once, with what and why", async (t) => {
  const { clock, turns, at } = rig(REFUSED);
  await clock.advance(10_000);
  t.is(turns.length, 1);
  t.like(turns[0], {
    ...{ subject: "gw-1", to: "refused", cause: "card.refused" },
    detail: {
      card: "gw-1",
      taken: "",
      refused: "claim: changed",
      noted: "network-key: line 4: DHPC",
    },
  });
  t.is(at.untold, null);
});

test("it is shown how far the gateway is, from a claim that is missing to measuring", async (t) => {
  const { clock, shown, at } = rig(null);
  at.enrolment = { state: "none", cause: null, why: null, secrets: null };
  await clock.advance(3_000);
  at.enrolment = { state: "none", cause: "enrol.claim", why: "refused", secrets: null };
  await clock.advance(3_000);
  at.enrolment = { state: "none", cause: "enrol.unreachable", why: "no route", secrets: null };
  await clock.advance(3_000);
  at.enrolment = { state: "none", cause: "enrol.revoked", why: "revoked", secrets: null };
  await clock.advance(3_000);
  at.enrolment = { state: "enrolled", cause: null, why: null, secrets: null };
  await clock.advance(3_000);
  at.quality = "good";
  await clock.advance(3_000);
  at.quality = "bad:timeout";
  await clock.advance(3_000);
  t.deepEqual(shown.slice(1), [
    "waiting",
    "no-claim",
    "waiting",
    "refused",
    "enrolled",
    "measuring",
  ]);
});

test("a disk that takes no note is told of, and stops nothing", async (t) => {
  const { clock, turns, log, at } = rig(REFUSED, true);
  await clock.advance(3_000);
  at.quality = "good";
  await clock.advance(3_000);
  t.is(turns.length, 1);
  t.is(log.length, 3);
});
