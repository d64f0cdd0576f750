import type { PreparedGateway } from "./peers.ts";
import { medianOf } from "./section.ts";

const CALLS = 9;

/** How long a gateway that runs takes to tell its status, in milliseconds: the median of some calls. */
export async function statusMs(gateway: PreparedGateway): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const from = performance.now();
    await gateway.status();
    times.push(performance.now() - from);
  }
  return medianOf(times);
}
