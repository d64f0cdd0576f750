import test from "ava";
import { DamageReport } from "./damage-report.ts";
import type { Turn } from "./gateway-event.ts";

function rig() {
  const told: Turn[] = [];
  return { told, report: new DamageReport((turn) => told.push(turn)) };
}

test("a buffer that had to make way is told with its file, why, and what is used instead", (t) => {
  const { told, report } = rig();
  report.setAside({ file: "/b/old", why: "damaged", next: "new" });
  report.setAside({ file: "/b/old", why: "other-gateway", next: "own" });
  t.like(told, [
    { from: "damaged", to: "new", cause: "buffer.damaged", detail: { file: "/b/old" } },
    { from: "other-gateway", to: "own", cause: "configuration" },
  ]);
});

test("of what is lost only that is told which was not told before", (t) => {
  const { told, report } = rig();
  report.lost("readings", { from: 1, to: 2 });
  report.lost("readings", { from: 8, to: 9 });
  report.lost("readings", { from: 1, to: 9 });
  report.lost("readings", { from: 2, to: 8 });
  report.lost("events", { from: 1, to: 2 });
  t.deepEqual(
    told.map(({ detail }) => detail),
    [
      { stream: "readings", fromSeq: 1, toSeq: 2 },
      { stream: "readings", fromSeq: 8, toSeq: 9 },
      { stream: "readings", fromSeq: 3, toSeq: 7 },
      { stream: "events", fromSeq: 1, toSeq: 2 },
    ],
  );
});
