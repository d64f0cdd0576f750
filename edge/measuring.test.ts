import test from "ava";
import { loadConfig } from "../config/load.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { Quality, Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { Deriving, measureDeskOf } from "./measuring.ts";

/** The mean of what a device tells, which is to be a reading every minute. */
const WIND = `
  wind:
    bus: ear
    every: 1m
    protocol: { kind: text, separator: "," }
    points: { speed: { column: 1 }, mean: { derive: { kind: window-mean, of: speed, over: 10m } } }
`;

/** A detector whose status is worked out from a code that it tells in the same answer. */
const GAS = `
  d:
    bus: line
    unit: 1
    points:
      gas: { area: input, address: 0, type: int16, status: { point: state, values: { 1: calibration } } }
      code: { area: input, address: 1, type: uint16 }
      state: { derive: { kind: expression, is: code >= 7, of: { code: code } } }
`;

function deriving(devices = WIND): Deriving {
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses:
  ear: { kind: serial, port: /dev/ear, baud: 4800, format: 7E1 }
  line: { kind: modbus-rtu, port: /dev/line }
devices: ${devices}
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
    desk.measured([told(second)], (readings, from) => {
      if (from === "told") return;
      worked += readings.length;
      due += desk.due(readings).length;
    });
  }
  t.is(worked, 600);
  t.is(due, 20);
});

test("a derived point that goes bad, or is good again, is stored at once", (t) => {
  const desk = deriving();
  const qualities: Quality[] = [];
  const feed = [told(0), told(1), told(2, "bad:crc"), told(3), told(4)];
  for (const reading of feed) {
    desk.measured([reading], (readings, from) => {
      if (from === "told") return;
      qualities.push(...desk.due(readings).map(({ quality }) => quality));
    });
  }
  t.deepEqual(qualities, ["uncertain:input", "bad:input", "uncertain:input"]);
});

test("a status that is derived counts for the round of what it is derived from", (t) => {
  const desk = deriving(GAS);
  const round = (second: number, code: number) => {
    const ms = second * 1000;
    const of = (point: string, value: number): Reading => {
      return { point, value, quality: "good", at: ms as WallMs, uptime: ms as UptimeMs };
    };
    const all: Reading[] = [];
    const take = (readings: readonly Reading[]) => all.push(...readings);
    const measured = desk.measured([of("d.gas", 50), of("d.code", code)], take);
    t.deepEqual(
      all.map(({ point }) => point),
      ["d.code", "d.state", "d.gas"],
    );
    t.deepEqual(
      measured.map(({ point }) => point),
      ["d.gas", "d.code"],
    );
    return measured[0]?.quality;
  };
  t.is(round(0, 0), "good");
  t.is(round(1, 7), "bad:calibration");
  t.is(round(2, 0), "good");
});
