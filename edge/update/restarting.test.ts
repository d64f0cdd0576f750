import test from "ava";
import type { WallMs } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import type { RestartFacts } from "./permission.ts";
import { restart } from "./restarting.ts";

/** A gateway of which it is known what stands, and when it is told to end. */
function aGateway(alarms: RestartFacts["alarms"]) {
  const steps: string[] = [];
  const facts: RestartFacts = {
    ...{ alarms, interlocks: [], isCalibrating: false, isReconfiguring: false },
    ...{ windows: [], timeZone: "Asia/Shanghai", at: 0 as WallMs, clock: "synced" },
  };
  const gateway = {
    restarting: {
      facts,
      restart: (() => void steps.push("restarted")) as (() => void) | null,
      leave: () => Promise.resolve(void steps.push("left")),
    },
    status: () => ({ gateway: "gw-1" }) as never,
    tell: ({ cause, detail }: Turn) => void steps.push(`${cause} ${JSON.stringify(detail)}`),
  };
  return { gateway, steps };
}

test("it is told who had the gateway restarted for what, before it ends", async (t) => {
  const { gateway, steps } = aGateway([]);
  t.true((await restart(gateway, { release: "0.2.0" }, "root")).permitted);
  t.deepEqual(steps, ["left", 'update.restart {"who":"root","release":"0.2.0"}', "restarted"]);
});

test("a gateway that is not permitted to be restarted goes on", async (t) => {
  const { gateway, steps } = aGateway([{ alarm: "gas", state: "unacknowledged" }]);
  t.is((await restart(gateway, { release: "0.2.0" }, "root")).code, "update.alarm");
  t.deepEqual(steps, []);
});

test("a gateway that nobody would start anew is not ended", async (t) => {
  const { gateway, steps } = aGateway([]);
  const unattended = { ...gateway, restarting: { ...gateway.restarting, restart: null } };
  t.false((await restart(unattended, { release: "0.2.0" }, "root")).permitted);
  t.deepEqual(steps, []);
});
