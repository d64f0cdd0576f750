import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import test, { type ExecutionContext } from "ava";
import stringWidth from "string-width";
import type { Status } from "../../edge/control/status.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { NO_NOTES } from "../../edge/measure/measure-desk.ts";
import { inColour, plain } from "../../edge/watch/style.ts";
import { Audit } from "../receiver/audit.ts";
import { aStatus, TOLD_AT } from "../sim/a-status.ts";
import { anAlarm } from "../sim/an-alarm.ts";
import { blockOf } from "./block.ts";
import { HEIGHT, type Scene, view, WIDTH } from "./view.ts";

/** Compares with `golden/NAME.txt`; written anew when UPDATE_GOLDEN is set. */
function isGolden(t: ExecutionContext, name: string, lines: readonly string[]): void {
  const file = new URL(`golden/${name}.txt`, import.meta.url);
  const text = lines.map((line) => `${line.trimEnd()}\n`).join("");
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, text);
  t.is(text, readFileSync(file, "utf8"));
}

const NOW = TOLD_AT;
const at = (ms: number) => (NOW + ms) as WallMs;

const ALARMS = [
  ["gas-1-low", "gas-1.methane", "yellow", "unacknowledged", 25],
  ["gas-1-high", "gas-1.methane", "red", "unacknowledged", 50],
  ["gas-2-low", "gas-2.methane", "yellow", "returned-unacknowledged", 25],
  ["gas-2-high", "gas-2.methane", "red", "normal", 50],
  ["main-burst", "main-1.pressure", "orange", "acknowledged", 0.2],
  ["cover-open", "manhole.cover", "blue", "normal", 1],
] as const;

/** The gateway in the middle of the outage. */
function status(): Status {
  const block = blockOf(90);
  const alarms = ALARMS.map(([alarm, point, severity, state, setpoint]) => {
    const limit = alarm === "main-burst" ? ("low" as const) : ("high" as const);
    return anAlarm({ alarm, point, severity, state, setpoint, limit, since: at(-23_400) });
  });
  return aStatus({
    gateway: "demo-block",
    site: null,
    since: at(-50_000),
    points: block.points.map(({ device, point, signal, unit, everyMs }, i) => {
      const id = `${device}.${point}`;
      const isSilent = id === "drain.flow";
      const value = signal.valueAt(45_000) as number | boolean;
      const quality = isSilent ? ("bad:timeout" as const) : ("good" as const);
      const read = { value: isSilent ? null : value, quality, at: at(-90 * i), ageMs: 90 * i };
      return { point: id, origin: "asked", unit, ...read, everyMs, ...NO_NOTES };
    }),
    alarms,
    buffer: { ...aStatus().buffer, bytes: 131_072 },
    destinations: [
      {
        destination: "centre",
        state: "disconnected",
        since: at(-9000),
        trouble: "gone",
        owed: { readings: 21, events: 2 },
        inFlight: 0,
        drain: null,
        acknowledged: 79,
      },
    ],
  });
}

function scene(change: Partial<Scene> = {}): Scene {
  const block = blockOf(90);
  const audit = new Audit();
  const head = { v: 1, gateway: "demo-block", stream: "R", clock: "synced", at: NOW - 9400 };
  for (let seq = 1; seq <= 76; seq++) {
    const series = block.points.map(({ device, point }) => {
      return { point: `${device}.${point}`, t: [seq], v: [1] };
    });
    const payload = Buffer.from(JSON.stringify({ ...head, seq, series }));
    audit.take("lifeline/v1/demo-block/readings", payload);
  }
  const trends = new Map(
    block.points.map(({ device, point, signal }) => [
      `${device}.${point}`,
      Array.from({ length: 12 }, (_, i) => Number(signal.valueAt(23_000 + 1_400 * i))),
    ]),
  );
  const report = audit.report("demo-block");
  const fields = { stage: "outage", elapsedS: 45.3, seconds: 90, now: NOW } as const;
  return { block, ...fields, status: status(), report, trends, ...change };
}

for (const lang of ["en", "zh-CN"] as const) {
  test(`the picture of an outage (${lang})`, (t) => {
    isGolden(t, `outage.${lang}`, view(scene(), lang, plain));
  });

  test(`before anything is known the picture stands all the same (${lang})`, (t) => {
    const empty = { status: null, report: null, trends: new Map(), stage: "calm" } as const;
    isGolden(t, `start.${lang}`, view(scene({ ...empty, elapsedS: 0 }), lang, plain));
  });

  test(`every picture fits a terminal of 80 by 24 (${lang})`, (t) => {
    const stages = ["calm", "leak", "outage", "return", "repair", "rest", "stopping"] as const;
    for (const stage of stages) {
      const lines = view(scene({ stage, seconds: 3600, elapsedS: 3599 }), lang, plain);
      t.is(lines.length, HEIGHT);
      for (const line of lines) t.true(stringWidth(line) <= WIDTH, line);
    }
  });

  test(`colours do not move anything (${lang})`, (t) => {
    const painted = view(scene(), lang, inColour).map(stripVTControlCharacters);
    t.deepEqual(painted, view(scene(), lang, plain));
  });
}

test("a point with an active alarm has the colour of the gravest one", (t) => {
  const line = view(scene(), "en", inColour).find((one) => one.includes("gas-1.methane"));
  t.true(line?.startsWith("\x1b[1;91m"));
});
