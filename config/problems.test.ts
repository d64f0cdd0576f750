import test from "ava";
import type { ProblemCode } from "./problems.ts";
import { PROBLEMS, pathText, problemOf } from "./problems.ts";

/** Parameters that hold what any row of the catalogue may ask for. */
const ANY = {
  why: "because",
  auto: "install",
  owner: "OWNER",
  reason: { en: "REASON", "zh-CN": "原因" },
  firstLine: 3,
  nearest: "NEAR",
  allowed: ["ALLOWED"],
  expected: { kind: "choice", values: ["CHOICE"] },
  found: "FOUND",
  name: "NAME",
  known: ["KNOWN"],
  bus: "BUS",
  device: "DEVICE",
  unit: 5,
  number: "40005",
  area: "holding",
  address: 4,
  last: 9,
  least: 2,
  key: "scale",
  type: "bool",
  width: 2,
  maxRegisters: 1,
  most: 123,
  count: 2,
  point: "POINT",
  scheme: "tcp:",
  path: "PATH",
  bytes: 108,
  max: 107,
  min: 6,
  port: "PORT",
  destination: "DESTINATION",
  host: "HOST",
  kind: "serial",
  kinds: ["KIND"],
  pattern: "PATTERN",
  framing: "rtu",
  interlock: "INTERLOCK",
  every: "5s",
  perS: 2,
  perDay: "4 GB",
  turnaround: "3s",
  timeout: "2s",
  onDelay: "3s",
  exact: "440006",
  here: "nmea",
  fault: "FAULT",
  step: 0.5,
  size: 300,
  column: 7,
  columns: 5,
  byte: 9,
  end: 10,
  length: 32,
  on: "2026-05-02",
  due: "2026-05-01",
  chip: "ms5611",
  quantity: "humidity",
  what: "chip",
  law: "m",
  over: "9s",
  delay: "45s",
  sentinel: 65_535,
  range: [0, 90],
  plausible: [0, 80],
  bit: 17,
  setpoint: 60,
  low: 0,
  high: 50,
  protocol: "hj212",
  isHttp: false,
  edition: 2017,
  format: "sparkplug",
  of: { en: "REASON", "zh-CN": "原因" },
};

for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
  test(`${code} is told in both languages, with the same facts`, (t) => {
    const text = (PROBLEMS[code].text as (params: unknown) => { en: string; "zh-CN": string })(ANY);
    const facts = (message: string) => [...new Set(message.match(/[A-Z]{4,}\b|\b\d+\b/g))];
    t.regex(text.en, /^\S.*[.)]$/);
    t.regex(text["zh-CN"], /[。）]$/u);
    t.notRegex(text.en, /undefined|\[object/);
    t.notRegex(text["zh-CN"], /undefined|\[object/);
    const shouted = PROBLEMS[code].severity === "warning";
    for (const fact of facts(text["zh-CN"])) t.true(shouted || text.en.includes(fact), fact);
  });
}

test("a path is written with dots, and with brackets for a place in a list", (t) => {
  t.is(pathText(["gateway", "site", "position", 1]), "gateway.site.position[1]");
  t.is(pathText([]), "");
});

test("a key cannot send control codes to a terminal", (t) => {
  t.is(pathText(["buses", "a\u001b[2Jb"]), 'buses."a\\u001b[2Jb"');
});

test("a problem carries its row, its place and its text", (t) => {
  const problem = problemOf("rtu-unit", { unit: 0 }, ["devices", "a", "unit"], {
    line: 3,
    column: 9,
  });
  t.like(problem, {
    severity: "error",
    code: "rtu-unit",
    line: 3,
    column: 9,
    path: "devices.a.unit",
  });
  t.true(problem.message.en.includes("unit 0"));
});
