import test, { type ExecutionContext } from "ava";
import type { PointConfig } from "../../config/gateway-config.ts";
import type { DeviceStatus } from "../../edge/core/measurement.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { aMeasurement } from "../sim/a-measurement.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

/** How a quality comes about on the device `gas` and goes away again, once it was good. */
type Story = {
  readonly quality: RegExp;
  /** The point of the device, where it is not a plain one. */
  readonly point?: Partial<PointConfig>;
  /** Other devices on the line. */
  readonly others?: Readonly<Record<string, Partial<PointConfig>>>;
  /** What it measures while all is well; 10 if left out. */
  readonly calm?: number;
  /** Whether a value is told with the quality. */
  readonly hasValue: boolean;
  readonly begin: (site: Site) => unknown;
  /** Seconds from its beginning until it can be seen at the centre; 10 if left out. */
  readonly takesS?: number;
  readonly end: (site: Site) => unknown;
};

const LOOP = { low: 0, high: 100, holdMs: 4000 };
const CALIBRATION = { pairs: [[0, 0]] as const, on: "2025-05-01", by: null };

/** A point whose device tells its state in the bits of `state.level`. */
const WATCHED: Partial<PointConfig> = {
  measurement: aMeasurement(
    {},
    {
      status: {
        point: "state.level",
        values: new Map(),
        bits: new Map<number, DeviceStatus>([
          [0, "maintenance"],
          [1, "out-of-specification"],
          [2, "calibration"],
          [3, "warm-up"],
          [4, "function-check"],
          [5, "failure"],
        ]),
      },
    },
  ),
};

function saidByDevice(bit: number, quality: RegExp, hasValue: boolean): Story {
  return {
    quality,
    point: WATCHED,
    others: { state: {} },
    hasValue,
    begin: (site) => site.setLevel("state", 2 ** bit),
    end: (site) => site.setLevel("state", 1),
  };
}

/** A level of `value` from `begin` on, and of 10 again from `end` on. */
function level(value: number): Pick<Story, "begin" | "end"> {
  return {
    begin: (site) => site.setLevel("gas", value),
    end: (site) => site.setLevel("gas", 10),
  };
}

/** What befalls every answer on the line. */
function fault(kind: "flipped" | "exception"): Pick<Story, "begin" | "end"> {
  return {
    begin: ({ line }) => Object.assign(line.units, { faults: { [kind]: 1 } }),
    end: ({ line }) => Object.assign(line.units, { faults: {} }),
  };
}

const DEPTH = {
  kind: "depth",
  pressure: "kPa",
  density: 1000,
  temperature: { kind: "fixed", value: 4 },
  atmosphere: { kind: "point", point: "air.level" },
  above: 0,
} as const;

const STORIES: Readonly<Record<string, Story>> = {
  "a value beyond what the instrument measures is uncertain": {
    quality: /^uncertain:out-of-range$/,
    point: { measurement: aMeasurement({}, { range: [0, 100] }) },
    hasValue: true,
    ...level(110),
  },
  "a value beyond what can be is bad": {
    quality: /^bad:out-of-range$/,
    point: { measurement: aMeasurement({}, { range: [0, 100], plausible: [-10, 120] }) },
    hasValue: false,
    ...level(130),
  },
  "a loop current between its range and a failure signal is uncertain at first": {
    quality: /^uncertain:loop-fault$/,
    point: { measurement: aMeasurement({ loop: LOOP }) },
    hasValue: true,
    ...level(3.7),
    takesS: 4,
  },
  "a loop current that is a failure signal is bad": {
    quality: /^bad:loop-fault$/,
    point: { measurement: aMeasurement({ loop: LOOP }) },
    hasValue: false,
    ...level(2),
  },
  "a jump is uncertain until the next value agrees with it": {
    quality: /^uncertain:rate$/,
    point: { measurement: aMeasurement({}, { maxRate: { change: 1, inMs: SECOND } }) },
    hasValue: true,
    begin: (site) => site.setLevel("gas", 50),
    takesS: 2,
    end: () => {},
  },
  "a value that does not move is uncertain": {
    quality: /^uncertain:stuck$/,
    point: { measurement: aMeasurement({}, { stuck: { forMs: 90_000, resolution: 0.01 } }) },
    hasValue: true,
    begin: () => {},
    takesS: 60,
    end: (site) => site.setLevel("gas", 11),
  },
  "the value of a device that begins to answer again is bad until it is warm": {
    quality: /^bad:warm-up$/,
    point: { measurement: aMeasurement({}, { warmUpMs: 20_000 }) },
    hasValue: false,
    begin: async (site) => {
      site.line.units.dead.add(1);
      await site.pass(10 * SECOND);
      site.line.units.dead.delete(1);
      while (site.shown("gas")?.quality === "bad:timeout") await site.pass(SECOND);
    },
    end: () => {},
  },
  "an overdue calibration makes a value uncertain": {
    quality: /^uncertain:calibration$/,
    point: {
      measurement: aMeasurement({
        calibration: { ...CALIBRATION, due: (SIM_EPOCH + 90 * SECOND) as WallMs },
      }),
    },
    hasValue: true,
    begin: () => {},
    takesS: 60,
    // Nobody calibrates it, but the clock is found to be wrong.
    end: (site) => site.clock.setState("unsynced"),
  },
  "a device that is being calibrated has no value": saidByDevice(2, /^bad:calibration$/, false),
  "a device that says it is warming up has no value": saidByDevice(3, /^bad:warm-up$/, false),
  "a device somebody works at has no value": saidByDevice(4, /^bad:function-check$/, false),
  "a device that says it has failed has no value": saidByDevice(5, /^bad:failure$/, false),
  "a device outside of its specification has an uncertain value": saidByDevice(
    1,
    /^uncertain:out-of-specification$/,
    true,
  ),
  "without the device's word for it a value is uncertain": {
    ...saidByDevice(0, /^uncertain:status-unknown$/, true),
    begin: ({ line }) => line.units.dead.add(2),
    end: ({ line }) => line.units.dead.delete(2),
    takesS: 20,
  },
  "a number that stands for having no value is none": {
    quality: /^bad:no-value$/,
    // A float32 of this size has no room for what makes one answer differ from the other.
    point: { type: "float32", scale: 1 / 4096, sentinels: [2 ** 52] },
    hasValue: false,
    ...level(2 ** 40),
  },
  "what is no number is none": {
    quality: /^bad:not-a-number$/,
    point: { type: "float64", scale: 1e-8 },
    hasValue: false,
    ...level(Number.NaN),
  },
  "a value that needs another one is bad without it": {
    quality: /^bad:input$/,
    point: { measurement: aMeasurement({ physics: DEPTH }) },
    others: { air: {} },
    hasValue: false,
    begin: ({ line }) => line.units.dead.add(2),
    end: ({ line }) => line.units.dead.delete(2),
    takesS: 20,
  },
  "a value that needs another one is uncertain where that one is": {
    quality: /^uncertain:input$/,
    point: { measurement: aMeasurement({ physics: DEPTH }) },
    others: { air: { measurement: aMeasurement({}, { range: [-1, 1] }) } },
    hasValue: true,
    begin: (site) => site.setLevel("air", 5),
    end: (site) => site.setLevel("air", 0),
  },
  "a device that does not answer has no value": {
    quality: /^bad:timeout$/,
    hasValue: false,
    begin: ({ line }) => line.units.dead.add(1),
    end: ({ line }) => line.units.dead.delete(1),
  },
  "a garbled answer has no value": { quality: /^bad:crc$/, hasValue: false, ...fault("flipped") },
  "a refused request has no value": {
    quality: /^bad:exception:\d+$/,
    hasValue: false,
    ...fault("exception"),
  },
  "a line that is gone has no values": {
    quality: /^bad:link-closed$/,
    hasValue: false,
    begin: ({ line }) => line.unplug(),
    end: ({ line }) => line.plug(),
  },
};

for (const [title, story] of Object.entries(STORIES)) {
  test(`${title}, and good again when that is over`, async (t) => {
    const { point = {}, others = {}, calm = 10 } = story;
    const site = await Site.open(t, { devices: { gas: point, ...others } });
    site.setLevel("gas", calm);
    await site.pass(MINUTE);
    t.is(site.readings("gas").at(-1)?.quality, "good", "it is well at first");
    await happens(t, site, story);
    t.is(await site.brokenPromise(), null);
  });
}

async function happens(t: ExecutionContext, site: Site, story: Story): Promise<void> {
  const before = site.readings("gas").length;
  await story.begin(site);
  await site.pass((story.takesS ?? 10) * SECOND);
  const told = site.readings("gas").slice(before);
  const found = told.filter(({ quality }) => story.quality.test(quality));
  const qualities = [...new Set(told.map(({ quality }) => quality))].join(", ");
  t.true(found.length > 0, `what came was ${qualities}`);
  t.true(found.every(({ value }) => (value !== null) === story.hasValue));
  await story.end(site);
  await site.pass(MINUTE);
  t.is(site.readings("gas").at(-1)?.quality, "good");
  t.not(site.readings("gas").at(-1)?.value, null);
}

test("a point for which the line has no time is shown as stale, and good when it has", async (t) => {
  const slow = { everyMs: 300 };
  const devices = { gas: { everyMs: 100 }, a: slow, b: slow, c: slow };
  const site = await Site.open(t, { devices });
  await site.pass(MINUTE);
  t.is(site.shown("gas")?.quality, "good");
  for (const unit of [2, 3, 4]) site.line.units.tardy.set(unit, 280);
  const seen = new Set<string | undefined>();
  for (let n = 0; n < 200; n++) {
    await site.pass(50);
    const shown = site.shown("gas");
    seen.add(shown?.quality);
    const isOld = (shown?.ageMs ?? 0) > 300;
    t.is(shown?.quality === "bad:stale", isOld);
    t.is(shown?.value === null, isOld);
  }
  t.true(seen.has("bad:stale"));
  site.line.units.tardy.clear();
  await site.pass(MINUTE);
  t.is(site.shown("gas")?.quality, "good");
});

test("a device that asks for maintenance keeps its good values, and the status says so", async (t) => {
  const site = await Site.open(t, { devices: { gas: WATCHED, state: {} } });
  await site.pass(MINUTE);
  t.like(site.shown("gas"), { quality: "good", maintenance: false });
  site.setLevel("state", 1);
  await site.pass(10 * SECOND);
  t.like(site.shown("gas"), { quality: "good", maintenance: true });
  t.is(site.readings("gas").at(-1)?.quality, "good");
});

test("a gas beyond what its detector measures still raises the alarm", async (t) => {
  const measurement = aMeasurement({}, { range: [0, 100], maxRate: { change: 5, inMs: SECOND } });
  const site = await Site.open(t, { devices: { gas: { measurement } }, alarms: { high: {} } });
  await site.pass(MINUTE);
  site.setLevel("gas", 120);
  await site.pass(5 * SECOND);
  t.deepEqual(site.course("high"), ["normal", "unacknowledged"]);
  t.is(await site.brokenPromise(), null);
});

test("what is reported by exception is stored whole while an alarm stands, and else not", async (t) => {
  const measurement = aMeasurement({ report: { deadband: 1, maxSilenceMs: MINUTE } });
  const site = await Site.open(t, { devices: { gas: { measurement } }, alarms: { high: {} } });
  const during = async (ms: number) => {
    const before = site.readings("gas").length;
    await site.pass(ms);
    return site.readings("gas").length - before;
  };
  await site.pass(MINUTE);
  const calm = await during(10 * MINUTE);
  t.true(calm >= 9 && calm <= 11, `${calm} readings in ten minutes of rest`);
  site.setLevel("gas", 60);
  const alarmed = await during(MINUTE);
  t.true(alarmed > 55, `${alarmed} readings in a minute of alarm`);
  site.setLevel("gas", 0);
  await site.pass(5 * SECOND);
  t.deepEqual(site.course("high"), ["normal", "unacknowledged", "returned-unacknowledged"]);
  t.true((await during(10 * MINUTE)) <= 11);
  t.is(site.readings("gas").at(-1)?.quality, "good");
  t.is(await site.brokenPromise(), null);
});

test("a filter begins anew with the process: nothing old comes back under a new time", async (t) => {
  const measurement = aMeasurement({ filter: { kind: "mean", of: 99 } });
  const site = await Site.open(t, { devices: { gas: { measurement } } });
  site.setLevel("gas", 100);
  await site.pass(5 * MINUTE);
  site.setLevel("gas", 10);
  await site.killAndRestart();
  await site.pass(MINUTE);
  const after = site.readings("gas").slice(-30);
  t.true(after.every(({ value }) => Math.abs((value as number) - 10) < 0.01));
});
