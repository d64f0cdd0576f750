import test from "ava";
import stringWidth from "string-width";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { RIGHT_TIME } from "../../test-rigs/sim/a-time.ts";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { alarmsView, statusView } from "./status-view.ts";

const at = 1_000 as WallMs;

test("an alarm whose point cannot be read shows why, whatever its state", (t) => {
  const alarm = {
    alarm: "gas-high",
    point: "gas-1.gas",
    severity: "red",
    state: "normal",
  } as const;
  const point = { point: "gas-1.gas", unit: null, value: null, at, everyMs: 1000 } as const;
  const status = {
    at,
    alarms: [{ ...alarm, limit: "high", setpoint: 50, since: null }],
    points: [{ ...point, quality: "bad:link-closed" }],
  } as const;
  const [, row] = alarmsView(status as unknown as Status, "en");
  t.regex(row ?? "", /gas-high .*bad:link-closed/);
});

test("how secrets are protected is told by its rung, with what would lift it, within 80 columns", (t) => {
  const secrets = { protection: "file", lift: "start" } as const;
  const enrolment = { state: "enrolled", cause: null, why: null, secrets } as const;
  for (const [lang, told] of [
    ["en", /secrets: level 1 of 3, file; .*systemctl start lifeline-seal/],
    ["zh-CN", /密钥保护：第 1 级（共 3 级），文件；.*systemctl start lifeline-seal/],
  ] as const) {
    const text = statusView(aStatus({ enrolment }), lang);
    t.regex(text.replaceAll("\n", " "), told);
    for (const line of text.split("\n")) t.true(stringWidth(line) <= 80, line);
    const none = aStatus({ enrolment: { ...enrolment, secrets: null } });
    t.notRegex(statusView(none, lang), /secrets:|密钥保护/);
  }
});

test("alarms are told within 80 columns, however long their words and names are", (t) => {
  const statusOf = (alarm: string, point: string) => ({
    at,
    alarms: ["normal", "unacknowledged"].map((state) => ({
      ...{ alarm, point, severity: "yellow", state, limit: "high", setpoint: 50 },
      ...{ since: at, value: 60, unit: "%[LEL]", until: null, by: null, group: null },
    })),
    points: [{ point, unit: null, value: null, at, everyMs: 1000, quality: "bad:link-closed" }],
  });
  for (const lang of ["en", "zh-CN"] as const) {
    for (const name of ["gas-high", "gas-in-the-northern-chamber-is-high"]) {
      const status = statusOf(name, `${name}-1.concentration`);
      for (const line of alarmsView(status as unknown as Status, lang)) {
        t.true(stringWidth(line) <= 80, line);
      }
    }
  }
});

test("what is not known is said in the reader's words", (t) => {
  const point = { point: "gas-1.gas", unit: null, value: null, at, everyMs: 1000 } as const;
  const alarm = { alarm: "a", point: "gas-1.gas", severity: "red", state: "normal" } as const;
  const rowIn = (lang: "en" | "zh-CN", quality: string) => {
    const status = {
      at,
      alarms: [{ ...alarm, limit: "high", setpoint: 50, since: null }],
      points: [{ ...point, quality }],
    };
    return alarmsView(status as unknown as Status, lang)[1];
  };
  t.regex(rowIn("zh-CN", "bad:timeout") ?? "", /坏：超时无应答$/);
  t.regex(rowIn("zh-CN", "bad:exception:2") ?? "", /坏：设备拒绝：2$/);
  t.regex(rowIn("zh-CN", "bad:something-new") ?? "", /坏：something-new$/);
  t.regex(rowIn("en", "bad:exception:2") ?? "", /bad:exception:2$/);
});

test("a bus shows how busy it is, and what failed on it by why", (t) => {
  const line = { state: "open", since: 0, counters: { requests: 90, timeouts: 3 }, missed: 0 };
  const lastFailure = { device: "gas-1", unit: 1, reason: "timeout", at: 0 };
  const use = { load: 0.412, requestsPerS: 1.5, failures: { crc: 1, timeout: 3 }, lastFailure };
  const quiet = { ...line, trouble: null, silent: [], unanswered: [], disturbed: [], rivals: [] };
  const status = {
    ...{
      gateway: "gw",
      site: null,
      release: "0",
      configuration: "c",
      clock: "synced",
      time: RIGHT_TIME,
    },
    ...{
      at,
      since: 0,
      points: [],
      alarms: [],
      interlocks: [],
      destinations: [],
      loops: [],
      start: null,
    },
    buses: [
      { ...quiet, bus: "line-a", use },
      { ...quiet, bus: "gauge", use: null },
    ],
    buffer: { heads: {}, bytes: 0, maxBytes: 1, waiting: 0, failing: null, refused: 0, wear: null },
  };
  const view = statusView(status as unknown as Status, "en");
  t.regex(view, /line-a +open .* 42 % +1\.5 +90 +3 +0$/m);
  t.regex(view, /gauge +open .* - +- +90/);
  t.regex(view, /^ {2}line-a, failed: timeout 3, crc 1; the last 1 s ago: gas-1 \(timeout\)$/m);
});

test("a destination that gets its backlog shows how far that is, one that has none shows nothing", (t) => {
  const one = { state: "connected", since: 0, trouble: null, owed: { readings: 12, events: 0 } };
  const rest = { ...one, inFlight: 1, acknowledged: 5 };
  const drain = { owed: 10, messagesPerS: 2, readingsPerS: 200, leftMs: 5000 };
  const status = {
    ...{
      gateway: "gw",
      site: null,
      release: "0",
      configuration: "c",
      clock: "synced",
      time: RIGHT_TIME,
    },
    ...{ at: 1000, since: 0, buses: [], points: [], alarms: [], interlocks: [] },
    buffer: { heads: {}, bytes: 0, maxBytes: 1, waiting: 0, failing: null, refused: 0, wear: null },
    loops: [],
    start: null,
    destinations: [
      { ...rest, destination: "centre", drain },
      { ...rest, destination: "city", drain: null },
    ],
  };
  const view = statusView(status as unknown as Status, "en");
  t.regex(view, /^ {2}destination centre gets .* left: 10, a second: 2\.0 .* done in 5 s$/m);
  t.notRegex(view, /destination city gets/);
});
