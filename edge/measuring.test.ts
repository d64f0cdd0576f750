import test from "ava";
import { loadConfig } from "../config/load.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { Quality, Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { Deriving, measureDeskOf } from "./measuring.ts";

/** The mean of what a device tells, which is to be a reading every minute. */
function deriving(): Deriving {
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses: { ear: { kind: serial, port: /dev/ear, baud: 4800, format: 7E1 } }
devices:
  wind:
    bus: ear
    every: 1m
    protocol: { kind: text, separator: "," }
    points: { speed: { column: 1 }, mean: { derive: { kind: window-mean, of: speed, over: 10m } } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return new Deriving(measureDeskOf(new SimClock({}), config), config);
}

function told(second: number, quality: Quality = "good"): Reading {
  const value = quality === "good" ? 5 : null;
  const ms = second * 1000;
  return { point: "wind.speed", value, quality, at: ms as WallMs, uptime: ms as UptimeMs };
}

test("what is derived from every value of a fast device is stored about once a period", (t) => {
  const desk = deriving();
  let worked = 0;
  let due = 0;
  for (let second = 0; second < 600; second++) {
    for (const derived of desk.following([told(second)])) {
      worked += derived.length;
      due += desk.due(derived).length;
    }
  }
  t.is(worked, 600);
  t.is(due, 20);
});

test("a derived point that goes bad, or is good again, is stored at once", (t) => {
  const desk = deriving();
  const qualities: Quality[] = [];
  const feed = [told(0), told(1), told(2, "bad:crc"), told(3), told(4)];
  for (const reading of feed) {
    for (const derived of desk.following([reading])) {
      qualities.push(...desk.due(derived).map(({ quality }) => quality));
    }
  }
  t.deepEqual(qualities, ["uncertain:input", "bad:input", "uncertain:input"]);
});
