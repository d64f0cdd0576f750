import test from "ava";
import { tryFault } from "./bench.ts";
import { FAULTS } from "./faults.ts";

for (const fault of FAULTS.filter(({ isQuick }) => isQuick)) {
  test(`the doctor names the cause where ${fault.name}`, async (t) => {
    t.timeout(90_000);
    const { isRight, findings } = await tryFault(fault);
    t.true(isRight, JSON.stringify(findings, null, 2));
  });
}
