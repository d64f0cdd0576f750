import test from "ava";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import type { BusPlan } from "../acquire/poll-plan.ts";
import { planJson } from "./json/plan-json.ts";
import { PLAN_TEXT } from "./plan-text.ts";
import { planView } from "./plan-view.ts";

function aPlan(some: Partial<BusPlan> = {}): BusPlan {
  const request = { ...aRequest({ unit: 1, count: 2 }), everyMs: 5000 };
  return {
    bus: "line-a",
    line: "9600 8N1",
    behind: null,
    gaps: [],
    verdict: "fits",
    proposal: null,
    forecast: {
      bus: "line-a",
      width: 1,
      load: 0.00834,
      loadOneDead: 0.1201,
      roundMs: 41.7,
      maySkip: false,
      requests: [{ request, lineMs: 41.7, ageMs: 5041.7, ageOneDeadMs: 5341 }],
    },
    ...some,
  };
}

test("the table tells load and round of a bus, and how old values get", (t) => {
  t.deepEqual(planView([aPlan()], "en").split("\n"), [
    "BUS     LINE      REQUESTS  ROUND    LOAD  ONE DEAD",
    "line-a  9600 8N1         1  42 ms  0.83 %      13 %",
    "",
    "DEVICE  EVERY  POINTS  REQUESTS     AGE  ONE DEAD",
    "u1         5s       2         1  5.05 s    5.35 s",
    "AGE: the oldest a value gets. ONE DEAD: while one other device is silent.",
  ]);
});

test("a load that passes a limit by little is not rounded down to it", (t) => {
  const { forecast } = aPlan();
  const view = planView([aPlan({ forecast: { ...forecast, load: 1.0001 } })], "en");
  t.regex(view, / 101 % /);
});

test("a line that cannot carry its plan is told with what would fit", (t) => {
  const proposal = {
    periods: [{ device: "gas-2", fromMs: 1000, toMs: 5000 }],
    faster: { baud: 19_200, load: 0.65 },
  };
  const { forecast } = aPlan();
  const plan = aPlan({ verdict: "overloaded", proposal, forecast: { ...forecast, load: 1.29 } });
  t.true(
    planView([plan], "en").endsWith(
      [
        "line-a CANNOT CARRY THIS PLAN (129 %): readings would be skipped.",
        "  What fits:",
        "    every 1s -> 5s: gas-2",
        "  Or a faster line, if all its devices can: baud: 19200 (65 %).",
      ].join("\n"),
    ),
  );
  const none = { ...plan, proposal: { periods: null, faster: null } };
  t.regex(planView([none], "en"), /No periods up to a day fit[^\n]+$/);
});

test("devices that are slowed down alike share a line, as long as it is wide", (t) => {
  const periods = Array.from({ length: 20 }, (_, index) => {
    return { device: `level-${index}`, fromMs: 1000, toMs: 5000 };
  });
  const plan = aPlan({ verdict: "full", proposal: { periods, faster: null } });
  t.regex(planView([plan], "en"), / every 1s -> 5s: level-0, level-1, .*… \(20\)$/);
});

test("due times that may be skipped are told, also where the line is not full", (t) => {
  const { forecast } = aPlan();
  const plan = aPlan({ forecast: { ...forecast, maySkip: true, roundMs: 61_000 } });
  t.regex(planView([plan], "en"), /line-a: a round takes 1 min 1 s; what is read more often/);
});

test("a line that nobody described is told with what was assumed of it", (t) => {
  const behind = { baud: 9600, format: "8N1", isAssumed: true } as const;
  const notice = /^line-a: a line of 9600 8N1 is assumed behind it; write its baud and format\.$/m;
  t.regex(planView([aPlan({ behind })], "en"), notice);
  t.notRegex(planView([aPlan({ behind: { ...behind, isAssumed: false } })], "en"), /assumed/);
});

test("what reading over gaps would save is told with what to mind, devices alike on one line", (t) => {
  const saving = { maxGap: 8, saved: 1, requests: 2 };
  const gaps = ["level-1", "level-2"].map((device) => ({ device, ...saving }));
  t.true(
    planView([aPlan({ gaps })], "en").endsWith(
      [
        "level-1, level-2: maxGap: 8 would save 1 of 2 requests.",
        "  Set it only where reading the registers in the gaps clears nothing.",
      ].join("\n"),
    ),
  );
});

test("programs get the same under stable keys", (t) => {
  t.deepEqual(planJson([aPlan()]), [
    {
      bus: "line-a",
      line: "9600 8N1",
      behind: null,
      inFlight: 1,
      verdict: "fits",
      load: 0.008,
      loadOneDead: 0.12,
      requests: 1,
      roundMs: 41.7,
      maySkip: false,
      points: [
        { point: "u1.p0", everyMs: 5000, ageMs: 5041.7, ageOneDeadMs: 5341 },
        { point: "u1.p1", everyMs: 5000, ageMs: 5041.7, ageOneDeadMs: 5341 },
      ],
      gaps: [],
      proposal: null,
    },
  ]);
});

test("no plans are nothing to show", (t) => {
  t.is(planView([], "en"), "");
});

test("both languages of every sentence have the same placeholders", (t) => {
  const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();
  for (const [key, { en, "zh-CN": zh }] of Object.entries(PLAN_TEXT)) {
    t.deepEqual(placeholders(zh), placeholders(en), key);
  }
});
