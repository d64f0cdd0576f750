import test from "ava";
import { faultsIn } from "./faults.ts";
import type { UnitReport, UnitState } from "./unit-report.ts";

function report(unit: number, state: UnitState, some: Partial<UnitReport> = {}): UnitReport {
  const isNoisy = state === "garbled";
  const known = { tookMs: null, identity: null, profiles: [], device: null, isEchoed: false };
  return { unit, state, isNoisy, ...known, ...some };
}

const absent = (from: number, to: number, some: Partial<UnitReport> = {}) =>
  Array.from({ length: to - from + 1 }, (_, n) => report(from + n, "absent", some));
const kinds = (reports: readonly UnitReport[], foreign: readonly number[] = []) =>
  faultsIn(reports, foreign).map(({ kind }) => kind);

test("a line with devices and free units has no fault", (t) => {
  t.deepEqual(kinds([report(1, "found"), ...absent(2, 30)]), []);
  t.deepEqual(kinds([report(1, "polled"), ...absent(2, 30)]), []);
});

test("not a byte from anybody is a dead line", (t) => {
  t.deepEqual(kinds(absent(1, 30)), ["nothing"]);
  t.deepEqual(kinds([report(1, "silent"), ...absent(2, 30)]), ["nothing"]);
  t.deepEqual(kinds([report(1, "silent")]), []);
});

test("an echo alone is a dead line behind a sound adapter; beside answers it is a remark", (t) => {
  t.deepEqual(kinds(absent(1, 30, { isEchoed: true })), ["only-echo"]);
  const found = report(1, "found", { isEchoed: true });
  t.deepEqual(kinds([found, ...absent(2, 30, { isEchoed: true })]), ["echo"]);
});

test("one garbled unit beside sound ones is shared; where no unit is sound the settings are wrong", (t) => {
  const garbled = report(7, "garbled");
  t.deepEqual(faultsIn([report(1, "found"), garbled, ...absent(8, 20)], []), [
    { kind: "shared-unit", units: [7] },
  ]);
  t.deepEqual(kinds([garbled, report(9, "garbled"), ...absent(10, 20)]), ["wrong-settings"]);
});

test("bytes at most of the units, where nobody can be, are noise", (t) => {
  const noisy = absent(2, 20, { isNoisy: true });
  t.deepEqual(kinds([report(1, "found"), ...noisy]), ["noise"]);
  t.deepEqual(kinds([...noisy, report(30, "garbled")]), ["noise"]);
  t.deepEqual(kinds(absent(1, 3, { isNoisy: true })), []);
});

test("late, disturbed and foreign units are named", (t) => {
  const reports = [
    report(1, "found"),
    report(2, "late"),
    report(3, "found", { isNoisy: true }),
    ...absent(4, 20),
  ];
  t.deepEqual(faultsIn(reports, [9]), [
    { kind: "foreign", units: [9] },
    { kind: "late", units: [2] },
    { kind: "disturbed", units: [3] },
  ]);
});
