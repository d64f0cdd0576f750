import test from "ava";
import type { AlarmEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { historyView, nothingOf } from "./alarms-history.ts";

const EVENT: AlarmEvent = {
  kind: "alarm",
  alarm: "gas-high",
  point: "gas-1.gas",
  from: "normal",
  to: "unacknowledged",
  severity: "red",
  value: 60,
  unit: "%[LEL]",
  setpoint: 50,
  cause: "high",
  at: 1_796_083_200_000 as WallMs,
  clock: "synced",
};

test("an event is told with its value, its cause, and who did it", (t) => {
  const shelved = { value: null, to: "shelved", cause: "shelved", active: true } as const;
  const [, raised, acted] = historyView(
    [
      { ...EVENT, first: true },
      { ...EVENT, ...shelved, who: "li", reason: "washed" },
    ],
    "en",
  );
  t.regex(raised ?? "", /gas-high +red +ACTIVE.* 60 %\[LEL\] +at or above the limit +first$/);
  t.regex(acted ?? "", /gas-high +red +shelved +shelved +condition present · li · washed$/);
});

test("of a name that nothing is stored of, the one that was most likely meant is told", (t) => {
  t.is(
    nothingOf("gas-hgih", [EVENT], "en"),
    "nothing is stored of an alarm gas-hgih. Did you mean 'gas-high'?",
  );
  t.is(nothingOf("siren", [EVENT], "zh-CN"), "没有存储报警 siren 的任何内容");
});
