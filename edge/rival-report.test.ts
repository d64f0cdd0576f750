import test from "ava";
import type { Turn } from "./gateway-event.ts";
import { RivalReport } from "./rival-report.ts";

test("rivals are told with where they dial in from, and are known until it is over", (t) => {
  const told: Turn[] = [];
  const report = new RivalReport((turn) => told.push(turn));
  t.deepEqual(report.of("pump"), []);
  report.turned("pump", ["10.0.0.1", "10.0.0.2"]);
  t.deepEqual(report.of("pump"), ["10.0.0.1", "10.0.0.2"]);
  t.deepEqual(report.of("weir"), []);
  report.turned("pump", null);
  t.deepEqual(report.of("pump"), []);
  t.like(told, [
    { subject: "pump", to: "rivals", detail: { addresses: "10.0.0.1 10.0.0.2" } },
    { subject: "pump", from: "rivals", to: "single", cause: "quiet" },
  ]);
});
