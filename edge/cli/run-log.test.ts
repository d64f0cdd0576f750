import test from "ava";
import type { DeviceConfig } from "../../config/gateway-config.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { Quality, Reading } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { RunLog } from "./run-log.ts";

function rig(lang: "en" | "zh-CN" = "en") {
  const lines: [level: string, text: string, fields?: unknown][] = [];
  const rule = {
    point: "gas-1.gas",
    limit: "high",
    setpoint: 50,
    deadband: 2,
    onDelayMs: 0,
    severity: "red",
    latch: false,
  } as const;
  const device = { name: "gas-1", bus: "line-a" } as DeviceConfig;
  const alarms = [
    { ...rule, name: "gas-low" },
    { ...rule, name: "gas-high" },
  ];
  const world = { log: (...line: (typeof lines)[number]) => void lines.push(line) };
  return { lines, log: new RunLog(world, { alarms, devices: [device] }, lang) };
}

function alarm(changes: Partial<AlarmEvent>): AlarmEvent {
  return {
    kind: "alarm",
    alarm: "gas-high",
    point: "gas-1.gas",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 60,
    unit: "%[LEL]",
    setpoint: 50,
    cause: "high",
    at: 0 as WallMs,
    clock: "synced",
    ...changes,
  };
}

function reading(quality: Quality, s: number, point = "gas-1.gas"): Reading {
  const value = quality === "good" ? 1 : null;
  return { point, value, quality, at: 0 as WallMs, uptime: (1000 * s) as UptimeMs };
}

test("an alarm's transition is told with its evidence, a raised one as a warning", (t) => {
  const { lines, log } = rig();
  log.onEvent(alarm({}));
  log.onEvent(alarm({ from: "unacknowledged", to: "acknowledged", value: null, who: "crew" }));
  const evidence = { alarm: "gas-high", from: "normal", to: "unacknowledged", value: 60 };
  const [raised, answered] = lines;
  t.is(raised?.[1], "alarm gas-high: ACTIVE, not acknowledged");
  t.like(raised?.[2], { ...evidence, unit: "%[LEL]", setpoint: 50, severity: "red" });
  t.like(answered?.[2], { to: "acknowledged", who: "crew" });
  t.deepEqual([raised?.[0], answered?.[0]], ["warn", "info"]);
});

test("a point with alarms that turns bad is told once, and once when it is good again", (t) => {
  const { lines, log } = rig();
  log.onReadings([reading("bad:timeout", 0), reading("bad:timeout", 0, "gas-1.temp")]);
  log.onReadings([reading("bad:link-closed", 40)]);
  log.onReadings([reading("good", 41)]);
  log.onReadings([reading("good", 42)]);
  t.deepEqual(
    lines.map(([level, text]) => `${level} ${text}`),
    [
      "warn gas-1.gas cannot be judged: bad:timeout; alarms gas-low, gas-high",
      "info gas-1.gas can be judged again; alarms gas-low, gas-high",
    ],
  );
});

test("a point that flutters does not fill the log", (t) => {
  const { lines, log } = rig();
  for (let s = 0; s < 600; s++) log.onReadings([reading(s % 2 ? "good" : "bad:crc", s)]);
  t.true(lines.length >= 20 && lines.length <= 40, `${lines.length}`);
});

test("what happens to buses, devices and destinations is told in the language asked for", (t) => {
  const { lines, log } = rig("zh-CN");
  const [at, clock] = [0 as WallMs, "synced"] as const;
  const turn = { at, clock, cause: "no such port" };
  log.onEvent({ kind: "bus", subject: "line-a", from: "open", to: "closed", ...turn });
  log.onEvent({ kind: "device", subject: "gas-1", from: "silent", to: "answering", ...turn });
  log.onHold("centre", "no-subscriber");
  log.onHold("centre", null);
  t.deepEqual(lines, [
    ["warn", "总线 line-a 已关闭", { cause: "no such port" }],
    ["info", "设备 gas-1 有应答", { bus: "line-a" }],
    ["warn", "目标平台 centre 不接收消息：代理服务器上没有订阅者", { cause: "no-subscriber" }],
    ["info", "目标平台 centre 恢复接收消息", {}],
  ]);
});

test("what a centre sets, and what it may not, is told with the command", (t) => {
  const { lines, log } = rig();
  const [at, clock] = [0 as WallMs, "synced"] as const;
  const state = { from: "connected", to: "connected" } as const;
  const turn = { kind: "destination", subject: "epb", ...state, at, clock } as const;
  const set = { command: "1064", what: "minuteMs=300000" };
  log.onEvent({ ...turn, cause: "remote-set", detail: set });
  const refused = { command: "1072", code: "2" };
  log.onEvent({ ...turn, cause: "remote-refused", detail: refused });
  t.deepEqual(lines, [
    [
      "info",
      "destination epb has set minuteMs=300000 (command 1064)",
      { cause: "remote-set", ...set },
    ],
    [
      "warn",
      "destination epb asked for what it may not have, and was refused (command 1072, code 2)",
      { cause: "remote-refused", ...refused },
    ],
  ]);
});

test("what becomes of the identity and of certificates is told by its meaning, in both languages", (t) => {
  const [at, clock] = [0 as WallMs, "synced"] as const;
  const own = { kind: "gateway", subject: "gw-1", from: "none", to: "none", at, clock } as const;
  const session = { from: "connected", to: "connected", at, clock } as const;
  const { lines, log } = rig();
  log.onEvent({ ...own, cause: "enrol.used", detail: { why: "409" } });
  log.onEvent({ ...own, to: "enrolled", cause: "enrolled" });
  const cause = "uplink.certificate-renewed";
  log.onEvent({
    ...session,
    kind: "destination",
    subject: "centre",
    cause,
    detail: { why: "403" },
  });
  t.deepEqual(lines, [
    [
      "warn",
      "gw-1: the claim was used already, with another key",
      { cause: "enrol.used", why: "409" },
    ],
    ["info", "gw-1 is enrolled", { cause: "enrolled" }],
    [
      "warn",
      "centre: the gateway's renewed certificate is not taken, and the one before is shown on",
      { cause, why: "403" },
    ],
  ]);
  const chinese = rig("zh-CN");
  chinese.log.onEvent({ ...own, cause: "enrol.used" });
  t.is(chinese.lines[0]?.[1], "gw-1: 注册凭据已被另一密钥使用");
});

test("a device that does not answer for some registers is told with these and their points", (t) => {
  const { lines, log } = rig();
  const [at, clock] = [0 as WallMs, "synced"] as const;
  const detail = { area: "holding", first: 256, last: 257, points: "gas-1.span gas-1.zero" };
  const turn = { kind: "device", subject: "gas-1", at, clock, cause: "timeout" } as const;
  log.onEvent({ ...turn, from: "answering", to: "partly-silent", detail });
  log.onEvent({ ...turn, from: "partly-silent", to: "answering", detail });
  log.onEvent({ ...turn, from: "answering", to: "disturbed" });
  t.deepEqual(
    lines.map(([level, text]) => `${level} ${text}`),
    [
      "warn device gas-1 answers, but not for holding 256 to 257: gas-1.span gas-1.zero",
      "info device gas-1 answers again for holding 256 to 257: gas-1.span gas-1.zero",
      "warn device gas-1 disturbed: answers come that nobody asked for",
    ],
  );
});

test("at the end is told what is still owed to whom, and what could not be stored", (t) => {
  const { lines, log } = rig();
  const owing = (destination: string, readings: number) => {
    return { destination, owed: { readings, events: 0 } };
  };
  const destinations = [owing("centre", 12), owing("city", 0)];
  const status = { destinations, buffer: { waiting: 3, waitingEvents: 1, failing: "buffer.full" } };
  log.onStopped(status as unknown as Parameters<RunLog["onStopped"]>[0]);
  t.deepEqual(
    lines.map(([level, text]) => `${level} ${text}`),
    [
      "info messages kept in the buffer for centre: 12",
      "info everything was delivered to city",
      "error what could not be stored is lost: readings 3, events 1",
    ],
  );
});

test("a buffer that was begun anew, taken back, or is damaged in part, is an error with what and where", (t) => {
  const { lines, log } = rig();
  const event = {
    kind: "buffer",
    subject: "buffer",
    from: "damaged",
    to: "new",
    cause: "buffer.damaged",
    at: 0 as WallMs,
    clock: "synced",
  } as const;
  log.onEvent({ ...event, detail: { file: "/b/lifeline.db.damaged-1" } });
  log.onEvent({ ...event, from: "stored", to: "lost", detail: { fromSeq: 3, toSeq: 4 } });
  const back = { from: "other-gateway", to: "own", cause: "configuration" };
  log.onEvent({ ...event, ...back, detail: { file: "/b/lifeline.db.of-gw-2" } });
  t.deepEqual(
    lines.map(([level, , fields]) => [level, fields]),
    [
      ["error", { cause: "buffer.damaged", file: "/b/lifeline.db.damaged-1" }],
      ["error", { cause: "buffer.damaged", fromSeq: 3, toSeq: 4 }],
      ["error", { cause: "configuration", file: "/b/lifeline.db.of-gw-2" }],
    ],
  );
  t.is(new Set(lines.map(([, text]) => text)).size, 3);
});

test("a buffer that fails, drops, or lost what waited in memory is told, and when it is well again", (t) => {
  const turns = [
    ["working", "failing", { message: "no space" }],
    ["failing", "working", { refusedReadings: 5, refusedEvents: 0, fromAt: 1, toAt: 9 }],
    ["keeping", "dropping", { stream: "readings", fromSeq: 1, toSeq: 4 }],
    ["dropping", "dropping", { stream: "readings", fromSeq: 5, toSeq: 6 }],
    ["dropping", "keeping", {}],
  ] as const;
  for (const lang of ["en", "zh-CN"] as const) {
    const { lines, log } = rig(lang);
    for (const [from, to, detail] of turns) {
      const head = { kind: "buffer", subject: "buffer", cause: "buffer.full" } as const;
      log.onEvent({ ...head, from, to, detail, at: 0 as WallMs, clock: "synced" });
    }
    t.deepEqual(
      lines.map(([level, , fields]) => [level, fields]),
      [
        ["error", { cause: "buffer.full", message: "no space" }],
        ["info", { cause: "buffer.full" }],
        ["error", { cause: "buffer.full", ...turns[1][2] }],
        ["error", { cause: "buffer.full", ...turns[2][2] }],
        ["info", { cause: "buffer.full" }],
      ],
    );
    t.is(new Set(lines.map(([, text]) => text)).size, 5);
    for (const [, text] of lines) t.is(/[\u4e00-\u9fff]/.test(text), lang === "zh-CN");
  }
});

test("a card that will be worn out too soon is told as a warning, and when it lasts again", (t) => {
  const turn = { kind: "buffer", subject: "buffer", cause: "wear", at: 0 as WallMs } as const;
  const detail = { bytesPerDay: 12e9, lifeDays: 400, minLifeDays: 730 };
  for (const lang of ["en", "zh-CN"] as const) {
    const { lines, log } = rig(lang);
    const event = { ...turn, clock: "synced", detail } as const;
    log.onEvent({ ...event, from: "lasting", to: "wearing" });
    log.onEvent({ ...event, from: "wearing", to: "lasting" });
    t.deepEqual(
      lines.map(([level, , fields]) => [level, fields]),
      [
        ["warn", { cause: "wear", ...detail }],
        ["info", { cause: "wear", ...detail }],
      ],
    );
    for (const [, text] of lines) t.regex(text, /400/);
  }
});

test("peers that displace each other are told as a warning, and when it is over", (t) => {
  const { lines, log } = rig();
  const turn = { kind: "bus", subject: "dtu-1", at: 0 as WallMs, clock: "synced" } as const;
  const detail = { addresses: "10.0.0.1 10.0.0.2" };
  log.onEvent({ ...turn, from: "single", to: "rivals", cause: "same-identity", detail });
  log.onEvent({ ...turn, from: "rivals", to: "single", cause: "quiet" });
  t.deepEqual(
    lines.map(([level, text]) => `${level} ${text}`),
    [
      "warn two peers with the identity of bus dtu-1 displace each other (10.0.0.1 10.0.0.2)",
      "info no peers displace each other on bus dtu-1 any more",
    ],
  );
});
