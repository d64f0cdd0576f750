import process from "node:process";
import test from "ava";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";

/** Runs `lifeline check` with `args` on a line of 9600 baud with a device that is read so often. */
async function check(every: string, ...args: readonly string[]) {
  const yaml = `
buses: { line-a: { kind: modbus-rtu, port: /dev/serial/by-path/a } }
devices:
  level-1:
    bus: line-a
    unit: 1
    every: ${every}
    points: { level: { area: holding, address: 0, type: float32 } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1" } }`;
  const { config } = gatewayHome(yaml, { commit: "1s" });
  const child = startChild(process.execPath, [MAIN, "check", "--config", config, ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

test("check shows the load of each line and exits 0 where it fits", async (t) => {
  const { code, text } = await check("1s");
  t.is(code, 0);
  t.regex(text, /can be used\.\npoints: 1[^\n]+\n\nBUS +LINE[^\n]+\nline-a +9600 8N1 .* 3\.\d %/);
});

test("check refuses a plan that the line cannot carry, says what fits and exits 1", async (t) => {
  const { code, text } = await check("20ms");
  t.is(code, 1);
  t.regex(text, /^[^\n]+: the configuration is sound, but a line cannot carry its plan\./);
  t.notRegex(text, /can be used/);
  t.regex(text, /line-a CANNOT CARRY THIS PLAN \(1\d\d %\)/);
  t.regex(text, /every 20ms -> 50ms: level-1/);
});

test("check --json tells programs the same", async (t) => {
  const { code, text } = await check("20ms", "--json");
  const { ok, problems, buses } = JSON.parse(text);
  t.is(code, 1);
  t.false(ok);
  t.deepEqual(problems, []);
  t.like(buses[0], {
    bus: "line-a",
    verdict: "overloaded",
    requests: 1,
    proposal: { periods: [{ device: "level-1", fromMs: 20, toMs: 50 }] },
  });
});
