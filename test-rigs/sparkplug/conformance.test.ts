import { readFileSync } from "node:fs";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { CHECKS, type CheckName } from "./checks.ts";
import { ASSERTIONS, claimOf, conformancePage } from "./conformance.ts";
import { type Course, runCourse } from "./course.ts";

let running: Promise<Course> | null = null;
const course = (): Promise<Course> => {
  running ??= runCourse();
  return running;
};

const byCheck = Map.groupBy(ASSERTIONS, ({ id }) => {
  const claim = claimOf(id);
  return "check" in claim ? claim.check : null;
});

for (const [name, assertions] of byCheck) {
  if (name === null) continue;
  testWith("mosquitto")(`${name}: ${CHECKS[name].says}`, async (t) => {
    t.timeout(120_000);
    const ids = assertions.map(({ id }) => id).join(", ");
    t.is(CHECKS[name].fault(await course()), null, ids);
  });
}

test("every check is made of some assertion", (t) => {
  const unused = (Object.keys(CHECKS) as CheckName[]).filter((name) => !byCheck.has(name));
  t.deepEqual(unused, []);
});

test("the table of conformance is fresh", (t) => {
  const file = new URL("../../edge/forward/sparkplug/CONFORMANCE.md", import.meta.url);
  t.is(
    readFileSync(file, "utf8"),
    conformancePage(),
    "CONFORMANCE.md is stale. To write it anew: npx -c 'node test-rigs/sparkplug/main.ts'",
  );
});
