import test from "ava";
import type { Finding } from "./finding.ts";
import { folded } from "./rules.ts";

const finding = (subject: string, change: Partial<Finding> = {}): Finding => ({
  code: "device.dead",
  subject,
  since: null,
  sure: "likely",
  severity: "fault",
  evidence: [],
  ...change,
});

test("a finding that another one explains is told within it", (t) => {
  const bus = finding("line", { code: "bus.unplugged", explains: ["a", "a.x"] });
  const device = finding("a", { explains: ["a.x"] });
  const point = finding("a.x", { code: "point.stuck" });
  const other = finding("b");
  t.deepEqual(folded([bus, device, point, other]), [
    { ...bus, folded: [device, point] },
    { ...other, folded: [] },
  ]);
});

test("of two findings that explain each other one stays", (t) => {
  const a = finding("a", { explains: ["b"] });
  const b = finding("b", { explains: ["a"] });
  t.deepEqual(folded([a, b]), [{ ...b, folded: [a] }]);
});
