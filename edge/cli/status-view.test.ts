import test from "ava";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { alarmsView } from "./status-view.ts";

const at = 1_000 as WallMs;

test("an alarm whose point cannot be read shows why, whatever its state", (t) => {
  const alarm = {
    alarm: "gas-high",
    point: "gas-1.gas",
    severity: "red",
    state: "normal",
  } as const;
  const point = { point: "gas-1.gas", unit: null, value: null, at, everyMs: 1000 } as const;
  const status = {
    at,
    alarms: [{ ...alarm, limit: "high", setpoint: 50, since: null }],
    points: [{ ...point, quality: "bad:link-closed" }],
  } as const;
  const [, row] = alarmsView(status as unknown as Status, "en");
  t.regex(row ?? "", /gas-high .*bad:link-closed/);
});

test("what is not known is said in the reader's words", (t) => {
  const point = { point: "gas-1.gas", unit: null, value: null, at, everyMs: 1000 } as const;
  const alarm = { alarm: "a", point: "gas-1.gas", severity: "red", state: "normal" } as const;
  const rowIn = (lang: "en" | "zh-CN", quality: string) => {
    const status = {
      at,
      alarms: [{ ...alarm, limit: "high", setpoint: 50, since: null }],
      points: [{ ...point, quality }],
    };
    return alarmsView(status as unknown as Status, lang)[1];
  };
  t.regex(rowIn("zh-CN", "bad:timeout") ?? "", /坏：超时无应答$/);
  t.regex(rowIn("zh-CN", "bad:exception:2") ?? "", /坏：设备拒绝：2$/);
  t.regex(rowIn("zh-CN", "bad:something-new") ?? "", /坏：something-new$/);
  t.regex(rowIn("en", "bad:exception:2") ?? "", /bad:exception:2$/);
});
