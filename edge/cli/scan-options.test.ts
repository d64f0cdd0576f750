import test from "ava";
import type { ReadBus } from "../acquire/open-session.ts";
import { planTyped, restTyped, type ScanPlan, unitsIn, unitsText } from "./scan-options.ts";

const LINE = {
  kind: "modbus-rtu",
  name: "line-a",
  serial: { path: "/dev/ttyUSB0", baud: 9600, format: "8N1" },
  timeoutMs: 300,
} as unknown as ReadBus;
const PUMP = { kind: "modbus-tcp", name: "pump", timeoutMs: 1000 } as unknown as ReadBus;

function planOf(bus: ReadBus, typed: Parameters<typeof planTyped>[1] = {}): ScanPlan {
  const result = planTyped(bus, typed, "en");
  if ("mistake" in result) throw new Error(result.mistake);
  return result.plan;
}

const mistakeOf = (bus: ReadBus, typed: Parameters<typeof planTyped>[1]) => {
  const result = planTyped(bus, typed, "en");
  return "mistake" in result ? result.mistake : null;
};

test("units are typed as ranges and told as ranges", (t) => {
  t.deepEqual(unitsIn("1-3,7, 5", 1, 247), [1, 2, 3, 5, 7]);
  t.deepEqual(unitsIn("4,4-5", 1, 247), [4, 5]);
  t.is(unitsText([1, 2, 3, 5, 7, 8]), "1-3,5,7-8");
  for (const text of ["", "a", "1-", "3-1", "0", "248", "1,,2", "1.5"]) {
    t.is(unitsIn(text, 1, 247), null, text);
  }
});

test("a search asks all units at the configured setting where nothing else is typed", (t) => {
  const plan = planOf(LINE);
  t.is(plan.units.length, 247);
  t.deepEqual(plan.settings, [{ baud: 9600, format: "8N1" }]);
  t.like(plan, { timeoutMs: 300, isTuning: false });
  t.deepEqual(planOf(PUMP).settings, [null]);
  t.deepEqual(planOf(PUMP, { units: "0,255" }).units, [0, 255]);
});

test("speeds and formats are tried as typed, and the usual ones where none are named", (t) => {
  const typed = planOf(LINE, { speeds: "19200,4800", formats: "8E1,8N1" });
  t.deepEqual(
    typed.settings.map((setting) => `${setting?.baud} ${setting?.format}`),
    ["19200 8E1", "19200 8N1", "4800 8E1", "4800 8N1"],
  );
  const usual = planOf(LINE, { speeds: true });
  t.deepEqual(usual.settings[0], { baud: 9600, format: "8N1" });
  t.is(new Set(usual.settings.map((setting) => setting?.baud)).size, 8);
  t.is(planOf(LINE, { formats: true }).settings.length, 4);
});

test("what a line cannot have is refused with what is allowed", (t) => {
  t.regex(mistakeOf(LINE, { units: "0" }) ?? "", /from 1 to 247/);
  t.regex(mistakeOf(LINE, { speeds: "9601" }) ?? "", /300, 600/);
  t.regex(mistakeOf(LINE, { formats: "7E1" }) ?? "", /8N1/);
  t.regex(mistakeOf(LINE, { timeout: "2s" }) ?? "", /10ms to 300ms/);
  t.regex(mistakeOf(PUMP, { speeds: true }) ?? "", /no serial line/);
  t.is(planOf(LINE, { timeout: "100ms" }).timeoutMs, 100);
  t.is(planOf(PUMP, { timeout: "1s" }).timeoutMs, 1000);
});

test("a search that was ended goes on with the units and settings that are left", (t) => {
  const one = planOf(LINE, { units: "1-100", timeout: "100ms" });
  t.deepEqual(restTyped(one, 0, [57, 58, 59]), ["--units 57-59 --timeout 100ms"]);
  t.deepEqual(restTyped(one, 0, []), []);
  const many = planOf(LINE, { units: "1-9", speeds: "9600,4800", formats: "8N1,8E1,8O1" });
  t.deepEqual(restTyped(many, 1, [8, 9]), [
    "--units 8-9 --speeds 9600 --formats 8E1",
    "--units 1-9 --speeds 9600 --formats 8O1",
    "--units 1-9 --speeds 4800 --formats 8N1,8E1,8O1",
  ]);
});

test("a search is careful unless something else is typed, and goes on as it began", (t) => {
  const plan = planOf(LINE);
  t.is(plan.probe, "careful");
  t.deepEqual(restTyped(plan, 0, [5]), ["--units 5"]);
  const reading = planOf(LINE, { probe: "read" });
  t.deepEqual(restTyped(reading, 0, [5]), ["--units 5 --probe read"]);
  t.regex(mistakeOf(LINE, { probe: "write" }) ?? "", /allowed: careful, read/);
});
