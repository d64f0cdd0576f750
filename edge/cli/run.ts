import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import { controlOf } from "../control/control.ts";
import { streamId } from "../core/stream-id.ts";
import { startGateway } from "../gateway.ts";
import { RELEASE } from "../release.ts";
import { serveControl } from "../world/control-socket.ts";
import { realWorld } from "../world/real.ts";
import { complain, type Invocation } from "./invocation.ts";
import { say } from "./text.ts";
import { configToRun } from "./usable-config.ts";

/** How long the farewell may take before the process ends all the same, in milliseconds. */
const GRACE_MS = 3_000;

/** `lifeline run`: the gateway, until SIGTERM or SIGINT. A second signal ends it at once. */
export async function run({ config: file, lang }: Invocation): Promise<number> {
  const config = await configToRun(file, lang);
  if (config === null) return 1;
  const world = realWorld(complain);
  world.log("info", say(lang, "starting", { release: RELEASE }));
  const newStream = () => streamId(world.clock.now(), world.random);
  const ledger = await openLedger({
    dir: config.buffer.dir,
    maxBytes: config.buffer.maxBytes,
    keepMs: config.buffer.keepMs,
    destinations: config.destinations.map(({ name }) => name),
    newStreams: { readings: newStream(), events: newStream() },
  });
  const end = new AbortController();
  const gateway = await startGateway({ world, config, ledger, release: RELEASE }, end.signal);
  const control = await serveControl(config.control.socket, controlOf(gateway));
  const { id } = config.gateway;
  const counts = {
    points: config.points.length,
    buses: config.buses.length,
    destinations: config.destinations.length,
  };
  world.log("info", say(lang, "started", { gateway: id, ...counts }));
  let signals = 0;
  const onSignal = () => {
    signals++;
    if (signals > 1) process.exit(1);
    world.log("info", say(lang, "stopping"));
    gateway.stop(GRACE_MS);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    await gateway.done;
    world.log("info", say(lang, "stopped"));
    return 0;
  } finally {
    await control.close();
    await ledger.close();
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}
