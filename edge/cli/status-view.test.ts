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
