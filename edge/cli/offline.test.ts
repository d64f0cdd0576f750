import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import stringWidth from "string-width";
import { openLocalLedger } from "../../buffer/local.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readConfig } from "../../config/read.ts";
import { optionsFor, tempDir } from "../../test-rigs/sim/buffer-rig.ts";
import type { GatewayEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { offlineHead, offlineOf, offlineText } from "./offline.ts";

const AT = Date.UTC(2026, 10, 1, 8) as WallMs;

/** A configuration over a buffer that does not exist yet. */
function configIn(dir: string): GatewayConfig {
  const file = join(dir, "gateway.yaml");
  writeFileSync(
    file,
    `gateway: { id: gw-1 }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 502 } }
devices:
  a: { bus: line, unit: 1, points: { b: { area: input, address: 0, type: uint16, unit: m }, c: { area: input, address: 1, type: uint16 } } }
alarms: { a-high: { point: a.b, high: 50, severity: red }, c-high: { point: a.c, high: 50, severity: blue } }
buffer: { dir: ${dir} }
`,
  );
  const { config } = readConfig(file, () => undefined, "en");
  if (config === null) throw new Error("the configuration of this test is sound");
  return config;
}

const turn = (to: "running" | "stopped"): GatewayEvent => ({
  kind: "gateway",
  subject: "gw-1",
  from: to === "running" ? "stopped" : "running",
  to,
  cause: to === "running" ? "start" : "stop",
  at: AT,
  clock: "synced",
});

/** A buffer that holds two messages of a.b, an alarm, and what the gateway told of itself. */
async function stored(t: ExecutionContext, ...turns: readonly GatewayEvent[]) {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir, { gateway: "gw-1" }));
  const series = { point: "a.b", unit: "m", t: [0, 1000], v: [60, null] };
  const q = ["good", "bad:timeout"] as const;
  const basis = { point: "a.b", limit: "high", setpoint: 50, severity: "red" } as const;
  await ledger.commit({
    batches: [
      { at: AT, clock: "synced", series: [{ ...series, v: [1, 2], q: null }] },
      { at: (AT + 5000) as WallMs, clock: "synced", series: [{ ...series, q }] },
    ],
    events: turns,
    alarms: [{ alarm: "a-high", state: "unacknowledged", since: AT, basis }],
  });
  await ledger.close();
  return configIn(dir);
}

test("the newest reading of each point is found, whatever its quality, and when it was", async (t) => {
  const { last } = offlineOf(await stored(t, turn("running")));
  t.is(last?.lastReadingAt, AT + 6000);
  t.deepEqual(last?.points, [
    { point: "a.b", unit: "m", value: null, quality: "bad:timeout", at: AT + 6000 },
  ]);
  t.like(last?.alarms[0], { alarm: "a-high", state: "unacknowledged", since: AT });
});

test("a run that did not tell of its end was cut off", async (t) => {
  t.is(offlineOf(await stored(t, turn("running"))).last?.ended, "cut-off");
  t.is(offlineOf(await stored(t, turn("running"), turn("stopped"))).last?.ended, "stopped");
  t.is(offlineOf(await stored(t)).last?.ended, null);
});

test("without a database it is said that it never ran", (t) => {
  const config = configIn(tempDir(t));
  const offline = offlineOf(config);
  t.is(offline.last, null);
  t.regex(offlineHead(offline, "en", "gateway.yaml").join("\n"), /never run/);
});

test("it is said first that the gateway does not run and since when, in both languages", async (t) => {
  const config = await stored(t, turn("running"));
  const offline = { ...offlineOf(config), at: AT + 66_000 };
  for (const [lang, first, since] of [
    ["en", /NOT RUNNING/, /1 min ago/],
    ["zh-CN", /未运行/, /1 分/],
  ] as const) {
    const lines = offlineText(offline, config, lang, "gateway.yaml").split("\n");
    t.regex(lines[0] ?? "", first);
    t.true(
      lines.slice(0, 4).some((line) => since.test(line)),
      lines.join("\n"),
    );
    t.true(lines.some((line) => /a-high/.test(line)));
    for (const line of lines) {
      const isPath = /\/tmp\//.test(line);
      t.true(isPath || stringWidth(line) <= 80, line);
    }
  }
});
