import test from "ava";
import { isKnownUnit, nearestUnit } from "./units.ts";

test("UCUM's codes are known, with an annotation too", (t) => {
  for (const unit of ["m", "%[LEL]", "Cel", "m3/h", "um/m", "{count}", "%{vol}", "/min"]) {
    t.true(isKnownUnit(unit), unit);
  }
});

test("other spellings are not, and neither is what JavaScript's objects inherit", (t) => {
  for (const unit of ["metres", "%LEL", "℃", "MPA", "constructor", ""]) {
    t.false(isKnownUnit(unit), unit);
  }
});

test("the code that was meant is found by its name, its letters, or a slip of the pen", (t) => {
  const meant = (unit: string) => nearestUnit(unit);
  t.is(meant("metres"), "m");
  t.is(meant("%LEL"), "%[LEL]");
  t.is(meant("℃"), "Cel");
  t.is(meant("MPA"), "MPa");
  t.is(meant("m³/h"), "m3/h");
  t.is(meant("metrs"), "m");
});

test("where nothing is near, nothing is guessed", (t) => {
  t.is(nearestUnit("zz"), null);
  t.is(nearestUnit("widgets"), null);
});
