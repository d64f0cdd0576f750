import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "../../processes/child.ts";
import { usageOf } from "../usage.ts";
import type { PreparedGateway } from "./peers.ts";

const CALLS = 15;
/** Until a process has come to rest after an answer, in milliseconds. */
const REST_MS = 3;

/**
 * Processor time in milliseconds that a gateway takes to tell its status: the least of some calls,
 * as what it does besides, and whatever else the machine does, is then left out.
 */
export async function statusCpuMs(child: Child, gateway: PreparedGateway): Promise<number> {
  const costs: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const before = usageOf(child.pid).cpuMs;
    await gateway.status();
    await sleep(REST_MS);
    costs.push(usageOf(child.pid).cpuMs - before);
  }
  return Math.min(...costs);
}
