import test from "ava";
import { RIGHT_TIME } from "../../test-rigs/sim/a-time.ts";
import type { GatewayEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { clockView, sayClock } from "./clock-view.ts";

const turn = (changes: Partial<GatewayEvent>): GatewayEvent => ({
  ...{ kind: "gateway", subject: "gw", from: "synced", to: "unsynced", cause: "clock" },
  ...{ at: 0 as WallMs, clock: "unsynced" },
  ...changes,
});

test("the clock's state has its age, and a clock that is right no more lines than that", (t) => {
  const view = clockView({ ...RIGHT_TIME, forMs: 7_200_000 }, "en");
  t.deepEqual(view, ["CLOCK  synchronised for 2 h"]);
});

test("that it was set, who told the time and what waits for it are shown", (t) => {
  const time = {
    state: "unsynced",
    forMs: 60_000,
    source: "centre",
    lastStep: { byMs: -86_400_000, agoMs: 5000 },
    waiting: { readings: 1200, events: 0 },
  } as const;
  t.deepEqual(clockView(time, "en"), [
    "CLOCK  not synchronised for 1 min · time told by centre · set back by 1 d, 5 s ago",
    "waits for the clock: 1200 messages with readings, 0 events",
  ]);
  t.regex(clockView(time, "zh-CN").join("\n"), /拨慢 1 天[\s\S]*1200 条/);
});

test("the log says what became of the clock in words, and nothing of other turns", (t) => {
  const step = turn({ to: "stepped", detail: { byMs: 90_000 } });
  t.is(sayClock(step, "en"), "clock: set forward by 1 min 30 s");
  t.is(sayClock(turn({}), "en"), "clock: not synchronised");
  const waits = turn({ kind: "buffer", to: "waiting", detail: { messages: 5 } });
  t.regex(sayClock(waits, "en") ?? "", /\(5 messages\)/);
  const over = turn({ kind: "buffer", to: "sending", detail: { clock: "corrected" } });
  t.regex(sayClock(over, "zh-CN") ?? "", /已校正$/);
  t.is(sayClock(turn({ cause: "start" }), "en"), null);
});
