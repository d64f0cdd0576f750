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

test("a stream that is given up is told, with what it owed or alone", (t) => {
  const { told, report } = rig();
  report.queueLost({ stream: "R1-1", seqs: [{ from: 2, to: 3 }] });
  report.queueLost({ stream: "E1-2", seqs: [] });
  t.like(told, [
    { to: "lost", cause: "buffer.damaged", detail: { stream: "R1-1", fromSeq: 2, toSeq: 3 } },
    { to: "lost", cause: "buffer.damaged", detail: { stream: "E1-2" } },
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
