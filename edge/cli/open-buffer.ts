import { openLedger } from "../../buffer/worker-port.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Ledger } from "../core/ledger.ts";
import { streamId } from "../core/stream-id.ts";
import { queueRules } from "../own-selections.ts";
import type { World } from "../world.ts";

/** Opens the buffer of the configuration. Rejects with `buffer.busy` where it is in use. */
export function openBuffer(config: GatewayConfig, world: World): Promise<Ledger> {
  const { gateway, buffer, destinations } = config;
  const newStream = () => streamId(world.clock.now(), world.random);
  return openLedger({
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
  });
}
