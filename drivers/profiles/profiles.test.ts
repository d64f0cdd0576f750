import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { loadProfile } from "../../config/profile.ts";
import { reportProblems } from "../../config/report.ts";

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".yaml"));

for (const file of files) {
  test(`${file} is a sound profile, named in both languages`, (t) => {
    const { profile, problems } = loadProfile(
      readFileSync(join(import.meta.dirname, file), "utf8"),
    );
    t.deepEqual(problems, [], reportProblems(file, problems, "en"));
    t.true(Object.keys(profile?.points ?? {}).length > 0);
    t.regex(profile?.name["zh-CN"] ?? "", /\p{Script=Han}|\d/u);
    t.regex(file, /^[a-z0-9-]+\.yaml$/);
  });
}

test("the gas detector's registers are those of its manual", (t) => {
  const text = readFileSync(join(import.meta.dirname, "honeywell-sensepoint-xrl.yaml"), "utf8");
  const points = loadProfile(text).profile?.points ?? {};
  t.deepEqual(
    Object.entries(points).map(([name, { number, type }]) => [name, number, type]),
    [
      ["gas", 40_103, "float32"],
      ["faultCode", 40_105, "uint16"],
      ["systemId", 40_101, "uint16"],
      ["state", 30_011, "uint16"],
      ["condition", undefined, undefined],
      ["activeAlarm", 30_014, "uint32"],
      ["latchedAlarm", 30_016, "uint32"],
      ["faultWarning", 30_018, "uint32"],
      ["displayUnit", 40_111, "uint16"],
    ],
  );
  t.is(points.gas?.unit, "%[LEL]");
});
