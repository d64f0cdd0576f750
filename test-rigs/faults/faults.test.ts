import test from "ava";
import { testAsRoot } from "../debian/test-with.ts";
import { onBench, tryFault } from "./bench.ts";
import { FAULTS, LINE_STORIES } from "./faults.ts";
import { unfold } from "./line-story.ts";

/** All faults of lines happen at one gateway, examined once: that takes a tenth of the time. */
const examined = onBench(async (bench) => {
  const stories = new Map(LINE_STORIES.map((story, i) => [`line${i}`, story]));
  const { home } = await unfold(bench, stories);
  const { findings } = await bench.doctor(home.config);
  return findings;
});

for (const [i, { name, expected, subject }] of LINE_STORIES.entries()) {
  test(`the doctor names the cause, and nothing else, where ${name}`, async (t) => {
    t.timeout(150_000);
    const bus = `line${i}`;
    const own = (await examined).filter((each) => new RegExp(`^${bus}\\b`).test(each.subject));
    const told = own.map((each) => [each.code, each.subject]);
    t.deepEqual(told, [[expected, subject(bus)]], JSON.stringify(own, null, 2));
  });
}

for (const fault of FAULTS.filter(({ isQuick }) => isQuick)) {
  const tried = fault.needsRoot ? testAsRoot : test.serial;
  tried(`the doctor names the cause where ${fault.name}`, async (t) => {
    t.timeout(150_000);
    await examined.catch(() => {});
    const { isRight, findings } = await tryFault(fault);
    t.true(isRight, JSON.stringify(findings, null, 2));
  });
}
