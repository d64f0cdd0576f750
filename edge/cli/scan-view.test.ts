import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { parse } from "yaml";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadBus } from "../acquire/open-session.ts";
import type { Lang } from "../core/errors.ts";
import { faultsIn } from "../scan/faults.ts";
import type { UnitReport, UnitState } from "../scan/unit-report.ts";
import type { LineSetting } from "./scan-options.ts";
import { ScanProgress } from "./scan-progress.ts";
import { type ScanResult, scanJson, scanView, snippetOf } from "./scan-view.ts";

const GOLDEN = join(import.meta.dirname, "../../test-rigs/golden/scan");
const BUS = {
  kind: "modbus-rtu",
  name: "line-a",
  serial: { path: "/dev/ttyUSB0", baud: 9600, format: "8N1" },
  timeoutMs: 300,
} as unknown as ReadBus;
const OWN: LineSetting = { baud: 9600, format: "8N1" };
const CONFIG = { devices: [{ name: "gas-1" }, { name: "unit-9" }] } as unknown as GatewayConfig;

function report(unit: number, state: UnitState, some: Partial<UnitReport> = {}): UnitReport {
  const known = { identity: null, profiles: [], device: null, isEchoed: false, isNoisy: false };
  return { unit, state, tookMs: state === "found" ? 20.4 : null, ...known, ...some };
}

const acme = { vendor: "Acme", product: "LX-9", revision: "2.1", serverId: null };

/** A result of `reports` at one setting. */
function resultOf(
  reports: readonly UnitReport[],
  some: { setting?: LineSetting; next?: readonly string[]; foreign?: readonly number[] } = {},
): ScanResult {
  const { setting = OWN, next = [], foreign = [] } = some;
  const plan = { bus: BUS, units: [1], settings: [setting], isTuning: setting !== OWN };
  return {
    plan: { ...plan, timeoutMs: 300, probe: "read" },
    tried: [{ setting, pass: { reports, left: [], foreign, trouble: null } }],
    faults: faultsIn(reports, foreign),
    next,
  };
}

const CASES: Readonly<Record<string, ScanResult>> = {
  devices: resultOf([
    report(1, "polled", { device: "gas-1" }),
    report(2, "silent", { device: "level-1" }),
    report(3, "found", { identity: acme, profiles: ["acme-lx", "acme-lx-old"] }),
    report(4, "found", {
      identity: { ...acme, vendor: null, product: null, revision: null, serverId: "HYDRO 55" },
    }),
    report(5, "found", { profiles: ["honeywell-sensepoint-xrl"] }),
    report(9, "found", { tookMs: 120 }),
    report(11, "absent"),
  ]),
  "wiring-faults": resultOf(
    [
      report(1, "found", { isEchoed: true, isNoisy: true }),
      report(2, "late", { isEchoed: true }),
      report(3, "garbled", { isEchoed: true, isNoisy: true }),
      report(4, "garbled", { isEchoed: true, isNoisy: true }),
      report(5, "absent", { isEchoed: true }),
    ],
    { foreign: [77] },
  ),
  "other-speed": resultOf([report(3, "found", { identity: acme })], {
    setting: { baud: 19_200, format: "8E1" },
  }),
  "wrong-settings": resultOf([report(1, "garbled"), report(2, "absent")]),
  "dead-line": resultOf([report(1, "absent"), report(2, "absent")]),
  "echo-only": resultOf([report(1, "absent", { isEchoed: true })]),
  noise: resultOf(Array.from({ length: 9 }, (_, n) => report(n + 1, "absent", { isNoisy: true }))),
};

for (const [name, result] of Object.entries(CASES)) {
  for (const lang of ["en", "zh-CN"] as const) {
    test(`${name} is told in ${lang} as it is kept in the golden file`, (t) => {
      const file = join(GOLDEN, `${name}.${lang}.txt`);
      const view = `${scanView(result, CONFIG, lang).join("\n")}\n`;
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, view);
      t.is(view, readFileSync(file, "utf8"));
    });
  }
}

test("the snippet is YAML with a free name for each new device, and none for a configured one", (t) => {
  const devices = [
    report(9, "found"),
    report(3, "found", { device: "gas-1" }),
    report(7, "found", { profiles: ["acme-lx"], identity: { ...acme, vendor: "Acme: #1 'x' {" } }),
  ];
  for (const lang of ["en", "zh-CN"] as const) {
    const text = snippetOf(resultOf(devices), CONFIG, lang).join("\n");
    t.deepEqual(parse(text), {
      devices: {
        "unit-9-2": {
          bus: "line-a",
          unit: 9,
          points: { value: { area: "holding", address: 0, type: "uint16" } },
        },
        "unit-7": { bus: "line-a", unit: 7, profile: "acme-lx" },
      },
    });
  }
  t.deepEqual(snippetOf(resultOf([report(1, "absent")]), CONFIG, "en"), []);
});

test("a program is told what was found, what is wrong, and how to go on", (t) => {
  const next = ["lifeline scan line-a --units 57-247"];
  const told = scanJson(
    resultOf([report(3, "found"), report(4, "garbled")], { next }),
    CONFIG,
    "en",
  );
  t.like(told, { bus: "line-a", complete: false, next });
  t.like((told as { settings: object[] }).settings[0], { baud: 9600, format: "8N1" });
  t.like((told as { faults: object[] }).faults[0], { kind: "shared-unit", units: [4] });
});

/** What a search of three units tells, a second each; the clock stands at each unit's end. */
async function progress(isLive: boolean, lang: Lang) {
  const clock = new SimClock();
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const shown = new ScanProgress({ clock, lang, total: 30, unitMs: 300, isLive, write });
  for (let unit = 1; unit <= 12; unit++) {
    await clock.advance(1000);
    shown.add(report(unit, unit === 2 ? "found" : "absent", { identity: acme }));
  }
  shown.end();
  return text;
}

test("without a terminal each device and every ten seconds how far it is are lines", async (t) => {
  t.is(
    await progress(false, "en"),
    [
      "0 of 30 asked, 0 found, 9 s left",
      "unit 2: Acme LX-9 2.1",
      "10 of 30 asked, 1 found, 20 s left",
      "",
    ].join("\n"),
  );
  t.regex(await progress(false, "zh-CN"), /^已查询 10\/30，找到 1 个，剩余 20 秒$/m);
});

test("on a terminal one line is written anew, and a device stays above it", async (t) => {
  const text = await progress(true, "en");
  t.true(text.includes("\r\u001b[Kunit 2: Acme LX-9 2.1\n\r\u001b[K2 of 30 asked"));
  t.true(text.endsWith("\r\u001b[K"));
  t.is(text.split("\n").length, 2);
});
