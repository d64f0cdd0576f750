import { type BufferThread, openLedger } from "../../buffer/worker-port.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Ledger } from "../core/ledger.ts";
import { streamId } from "../core/stream-id.ts";
import { queueRules } from "../own-selections.ts";
import type { World } from "../world.ts";
import { isOnTrial } from "./candidate-death.ts";

/**
 * Opens the buffer of the configuration, in `thread` where one is there for it. Rejects with `buffer.busy` where it is in use, and with
 * `update.buffer` where a release on trial cannot go on with it.
 */
export async function openBuffer(
  config: GatewayConfig,
  world: World,
  thread?: BufferThread,
): Promise<Ledger> {
  const { gateway, buffer, destinations } = config;
  const newStream = () => streamId(world.clock.now(), world.random);
  const options = {
    dir: buffer.dir,
    gateway: gateway.id,
    maxBytes: buffer.maxBytes,
    keepMs: buffer.keepMs,
    maxAgeMs: buffer.maxAgeMs,
    aroundMs: buffer.aroundMs,
    reserveBytes: buffer.reserveBytes,
    destinations: destinations.map(({ name }) => name),
    queues: queueRules(config),
    boot: world.clock.boot,
    newStreams: { readings: newStream(), events: newStream() },
    isOnTrial: await isOnTrial(buffer.dir),
  };
  return await openLedger(options, () => world.clock.sleep(0), thread);
}
