import type { Hj212Destination } from "../../config/centre-config.ts";
import { MINUTE, pointOf, SECOND } from "./site-config.ts";

/** By what an office of HJ 212 knows the gateway. */
export const LOGIN = { mn: "010000A8900016F000169DC0", password: "123456", system: "32" };

/** An office that wants ten minutes of what `device` measures, and answers for each. */
export function office(device: string): Hj212Destination {
  return {
    kind: "hj212",
    name: "office",
    tcp: { host: "office", port: 5000, connectTimeoutMs: 3000 },
    edition: 2017,
    ...LOGIN,
    wantsAnswers: true,
    timeoutMs: 10 * SECOND,
    repeats: 3,
    realTimeMs: null,
    minuteMs: 10 * MINUTE,
    heartbeatMs: MINUTE,
    validity: "all",
    remote: { clock: true, timeout: true, realTime: true, minute: true },
    equipment: [],
    factors: [
      {
        code: "w01018",
        point: pointOf(device),
        scale: 1,
        holdMs: 3 * MINUTE,
        decimals: 1,
        total: null,
      },
    ],
  };
}
