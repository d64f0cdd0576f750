import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import type { ExecutionContext } from "ava";
import type { Status } from "../../edge/control/status.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { draw } from "../../edge/watch/draw.ts";
import { textOf } from "../../edge/watch/line.ts";
import { answered, firstState } from "../../edge/watch/state.ts";
import { serveControl } from "../../edge/world/control-socket.ts";
import { localTime } from "../../edge/world/wall-text.ts";
import { testWith } from "../debian/test-with.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { openTerminal, type Terminal } from "../processes/tmux.ts";
import { aBus, aDestination, aPointStatus, aStatus, TOLD_AT } from "../sim/a-status.ts";
import { anAlarm } from "../sim/an-alarm.ts";
import { until } from "./rig.ts";

const test = testWith("tmux");

const IDLE = "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";

const SITE = aStatus({
  site: "世纪大道七号",
  points: [
    aPointStatus({ point: "gas-1.gas", value: 62.1 }),
    aPointStatus({ point: "gas-2.gas", value: null, quality: "bad:timeout", ageMs: 65_000 }),
    aPointStatus({ point: "level-1.level", unit: "m", value: 1.204, ageMs: 3000 }),
    ...Array.from({ length: 40 }, (_, i) => aPointStatus({ point: `row-${i}.value`, value: i })),
  ],
  alarms: [
    anAlarm({
      ...{ state: "unacknowledged", active: true, value: 62.1, unit: "%[LEL]" },
      since: (TOLD_AT - 23_000) as WallMs,
    }),
  ],
  buses: [aBus({ bus: "line-a" })],
  destinations: [aDestination()],
});

/** A socket that answers as a gateway does, beside the configuration that names it. */
async function aGateway(t: ExecutionContext) {
  const home = gatewayHome(IDLE);
  const path = `${home.dir}/buffer/control.sock`;
  mkdirSync(dirname(path), { recursive: true });
  let status: unknown = SITE;
  let calls = 0;
  const handle = () => {
    calls++;
    return status;
  };
  let server = await serveControl(path, handle, () => {});
  t.teardown(() => server.close());
  return {
    config: home.config,
    calls: () => calls,
    tell: (next: unknown) => {
      status = next;
    },
    leave: () => server.close(),
    comeBack: async () => {
      server = await serveControl(path, handle, () => {});
    },
  };
}

/** A terminal that ends with the test. */
function terminalOf(t: ExecutionContext, width = 80, height = 24): Terminal {
  const terminal = openTerminal(width, height);
  t.teardown(() => terminal.close());
  return terminal;
}

/** What the shell types to watch the gateway that `config` names. */
function watchLine(config: string, options = ""): string {
  return `${process.execPath} ${MAIN} watch --config ${config} --every 200ms ${options}`;
}

/** The only child of process `pid`. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

/** What the terminal is to show of `SITE` at first. */
function expected(width: number, height: number, lang: "en" | "zh-CN"): readonly string[] {
  const frame = { width, height, lang, now: TOLD_AT, timeOf: localTime };
  const { lines } = draw(answered(firstState(), SITE as Status), frame);
  return lines.map(textOf);
}

for (const lang of ["en", "zh-CN"] as const) {
  test(`a terminal shows the picture cell by cell, whatever its size becomes (${lang})`, async (t) => {
    const { config } = await aGateway(t);
    const terminal = terminalOf(t);
    terminal.type(watchLine(config, `--lang ${lang}`));
    terminal.press("Enter");
    await terminal.waitFor(/row-10\.value/);
    t.deepEqual(terminal.screen(), expected(80, 24, lang));
    for (const [width, height, sign] of [
      [120, 40, /row-25\.value/],
      [40, 10, /40×10/],
      [80, 24, /row-10\.value/],
    ] as const) {
      terminal.resize(width, height);
      await terminal.waitFor(sign);
      t.deepEqual(terminal.screen(), expected(width, height, lang), `${width}×${height}`);
    }
  });
}

test("keys sort, filter, turn pages, explain and pause", async (t) => {
  const gateway = await aGateway(t);
  const terminal = terminalOf(t);
  terminal.type(watchLine(gateway.config));
  terminal.press("Enter");
  await terminal.waitFor(/POINTS · 1-\d+ of 43 · by name/);
  terminal.press("s");
  await terminal.waitFor(/by age\n.*\n +gas-2\.gas/);
  terminal.press("s");
  await terminal.waitFor(/by quality\n.*\n +gas-2\.gas/);
  terminal.press("G");
  await terminal.waitFor(/-43 of 43/);
  terminal.type("/LEVEL");
  await terminal.waitFor(/filter: LEVEL_/);
  terminal.press("Enter");
  await terminal.waitFor(/1-1 of 1 .* filter: LEVEL\n.*\n +level-1\.level/);
  terminal.press("Escape");
  await terminal.waitFor(/of 43 · by quality\n/);
  terminal.press("3");
  await terminal.waitFor(/BUSES · 1-1 of 1[\s\S]* line-a +open/);
  terminal.press("Tab");
  await terminal.waitFor(/DESTINATIONS[\s\S]* centre +connected/);
  terminal.press("2");
  await terminal.waitFor(/! gas-high +red +ACTIVE/);
  terminal.press("5");
  await terminal.waitFor(/INTERLOCKS\n none/);
  terminal.press("h");
  await terminal.waitFor(/KEYS\n/);
  terminal.press("x", "1", "p");
  await terminal.waitFor(/gw-0001 \[PAUSED\]/);
  gateway.tell({ ...SITE, gateway: "gw-0002" });
  const before = gateway.calls();
  await until("a later look", 10_000, () => gateway.calls() > before + 2);
  await terminal.waitFor(/gw-0001 \[PAUSED\]/);
  terminal.press("p");
  await terminal.waitFor(/^ gw-0002 ·/);
  t.pass();
});

test("a gateway that goes away is said to be gone with what to do, and is found again", async (t) => {
  const gateway = await aGateway(t);
  const terminal = terminalOf(t);
  terminal.type(watchLine(gateway.config));
  terminal.press("Enter");
  await terminal.waitFor(/nothing is wrong|WRONG/);
  await gateway.leave();
  const lines = await terminal.waitFor(/NO ANSWER for/);
  t.regex(lines.join("\n"), /What to do: .*\n[\s\S]*gas-1\.gas/, "the last values stay");
  await gateway.comeBack();
  await terminal.waitFor(/buses open 1 of 1\n(?! NO ANSWER)/);
  t.notRegex(terminal.screen().join("\n"), /NO ANSWER/);
});

test("whatever ends it, the terminal is as it was, and so is what the shell showed", async (t) => {
  const gateway = await aGateway(t);
  const terminal = terminalOf(t);
  const begin = async (n: number) => {
    terminal.type(
      `clear; echo before; stty -g | md5sum; ${watchLine(gateway.config)}; echo "code-${n} $?"; stty -g | md5sum`,
    );
    terminal.press("Enter");
    await terminal.waitFor(/^ gw-0001/);
    t.is(terminal.is("alternate_on"), "1");
    t.is(terminal.is("cursor_flag"), "0");
    return Number(terminal.is("pane_pid"));
  };
  const isAsBefore = async (n: number, code: number, sign = /^/) => {
    await terminal.waitFor(new RegExp(`code-${n} ${code}\n.* -\n`));
    const text = terminal.screen().join("\n");
    const sums = text.match(/[0-9a-f]{32}/g) ?? [];
    t.is(sums.length, 2, text);
    t.is(sums[0], sums[1], "the settings of the terminal");
    t.is(terminal.is("alternate_on"), "0");
    t.is(terminal.is("cursor_flag"), "1");
    t.regex(text, /before\n/);
    t.regex(text, sign);
    t.notRegex(text, /\n\s+at .+:\d+:\d+/, "no stack trace");
  };
  await begin(1);
  terminal.press("q");
  await isAsBefore(1, 0);
  await begin(2);
  terminal.press("C-c");
  await isAsBefore(2, 0);
  const shell = await begin(3);
  process.kill(childOf(shell), "SIGTERM");
  await isAsBefore(3, 0);
  await begin(4);
  gateway.tell({ v: 1 });
  await isAsBefore(4, 1, /error: an error in the program/);
});

test("it can be left for the shell and come back to, which draws it anew", async (t) => {
  const { config } = await aGateway(t);
  const terminal = terminalOf(t);
  terminal.type(watchLine(config));
  terminal.press("Enter");
  await terminal.waitFor(/^ gw-0001/);
  terminal.press("C-z");
  await terminal.waitFor(/Stopped/);
  t.is(terminal.is("alternate_on"), "0");
  t.is(terminal.is("cursor_flag"), "1");
  terminal.type("echo shell-$((40+2))");
  terminal.press("Enter");
  await terminal.waitFor(/shell-42/);
  terminal.type("fg");
  terminal.press("Enter");
  await terminal.waitFor(/^ gw-0001[\s\S]*row-10\.value/);
  t.is(terminal.is("cursor_flag"), "0");
  terminal.press("2");
  await terminal.waitFor(/ALARMS · /);
  terminal.press("q");
  await terminal.waitFor(/shell-42\n/);
  t.is(terminal.is("alternate_on"), "0");
});

test("without a terminal it prints blocks, one with --once, and a status a line with --json", async (t) => {
  const gateway = await aGateway(t);
  const run = (...options: readonly string[]) =>
    startChild(process.execPath, [MAIN, "watch", "--config", gateway.config, ...options]);
  const once = run("--once");
  t.is(await once.exited, 1, "a point has no value");
  t.regex(
    once.lines.join("\n"),
    /gw-0001[\s\S]*ALARMS 1\n! gas-high[\s\S]*x bad:timeout[\s\S]*row-39\.value/,
  );
  t.false(once.lines.join("").includes("\x1b"));
  const filtered = run("--once", "--filter", "level");
  await filtered.exited;
  t.notRegex(filtered.lines.join("\n"), /row-39/);
  const blocks = run("--every", "200ms");
  await blocks.waitFor(/row-39/, 30_000);
  await gateway.leave();
  await blocks.waitFor(/NO ANSWER/, 30_000);
  await gateway.comeBack();
  gateway.tell({ ...SITE, gateway: "gw-back" });
  await blocks.waitFor(/gw-back/, 30_000);
  await blocks.end("SIGTERM");
  t.is(await blocks.exited, 0);
  const json = run("--json", "--once");
  await json.exited;
  t.is(JSON.parse(json.lines[0] ?? "").gateway, "gw-back");
  await gateway.leave();
  const nobody = run("--once");
  t.is(await nobody.exited, 1);
  t.regex(nobody.lines.join("\n"), /control\.unreachable/);
  t.is(await run("--every", "1ms").exited, 2);
});
