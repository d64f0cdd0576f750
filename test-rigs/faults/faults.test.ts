import test from "ava";
import { testAsRoot } from "../debian/test-with.ts";
import { onBench, tryFault } from "./bench.ts";
import { FAULTS, LINE_STORIES } from "./faults.ts";
import { sound } from "./gateway-faults.ts";
import { unfold } from "./line-story.ts";

/** All faults of lines happen at one gateway, examined once: that takes a tenth of the time. */
const examined = onBench(async (bench) => {
  const stories = new Map(LINE_STORIES.map((story, i) => [`line${i}`, story]));
  const { home } = await unfold(bench, stories);
  const { findings } = await bench.doctor(home.config);
  const again = await bench.doctor(home.config, "--quick");
  return { findings, again: again.findings };
});

for (const [i, { name, expected, subject }] of LINE_STORIES.entries()) {
  test(`the doctor names the cause, and nothing else, where ${name}`, async (t) => {
    t.timeout(150_000);
    const bus = `line${i}`;
    const own = (await examined).findings.filter((each) =>
      new RegExp(`^${bus}\\b`).test(each.subject),
    );
    const told = own.map((each) => [each.code, each.subject]);
    t.deepEqual(told, [[expected, subject(bus)]], JSON.stringify(own, null, 2));
  });
}

test("a line that was asked at other settings is as deaf as before", async (t) => {
  t.timeout(150_000);
  // Not the line with another parity: once it was set, a pty stays odd.
  const deaf = (await examined).again.filter(({ code, subject }) => {
    return /^bus\.line-/.test(code) && subject !== "line1";
  });
  t.deepEqual(deaf.map(({ subject }) => subject).toSorted(), ["line0", "line2", "line3"]);
});

test.serial("the real command finds nothing in the field where all is well there", async (t) => {
  t.timeout(150_000);
  await examined.catch(() => {});
  const { findings } = await onBench(async (bench) => {
    const { home } = await sound(bench);
    return bench.doctor(home.config);
  });
  // The machine that the tests run on may well have its faults.
  t.deepEqual(
    findings.filter(({ code }) => /^(bus|device|point|gateway)\./.test(code)),
    [],
  );
});

for (const fault of FAULTS.filter(({ isQuick }) => isQuick)) {
  const tried = fault.needsRoot ? testAsRoot : test.serial;
  tried(`the doctor names the cause where ${fault.name}`, async (t) => {
    t.timeout(150_000);
    await examined.catch(() => {});
    const { isRight, findings } = await tryFault(fault);
    t.true(isRight, JSON.stringify(findings, null, 2));
  });
}
