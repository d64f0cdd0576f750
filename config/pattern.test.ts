import test from "ava";
import fc from "fast-check";
import { isMatch } from "./pattern.ts";

test("a pattern without an asterisk is the name itself", (t) => {
  t.true(isMatch("gas-1.gas", "gas-1.gas"));
  t.false(isMatch("gas-1", "gas-1.gas"));
});

test("an asterisk stands for any run of characters, also for none", (t) => {
  for (const pattern of ["gas-*", "*.gas", "gas-1.*", "*", "g*s", "gas-1.gas*", "*-*.*", "**"]) {
    t.true(isMatch(pattern, "gas-1.gas"), pattern);
  }
  for (const pattern of ["level-*", "*.level", "gas-1.gas.*", "*x*", "gas-1.gas*gas"]) {
    t.false(isMatch(pattern, "gas-1.gas"), pattern);
  }
});

test("whatever the pattern, it matches what the same regular expression matches", (t) => {
  const letters = fc.stringMatching(/^[ab*]{0,6}$/);
  fc.assert(
    fc.property(letters, fc.stringMatching(/^[ab]{0,8}$/), (pattern, name) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name);
      return isMatch(pattern, name) === same;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
