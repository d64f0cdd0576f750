import test from "ava";
import { loadConfig } from "../config/load.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { FakeLedger } from "../test-rigs/sim/fake-ledger.ts";
import { GatewayError } from "./core/errors.ts";
import type { Link } from "./core/link.ts";
import { startGateway } from "./gateway.ts";
import type { World } from "./world.ts";

/** A gateway that reads one point over `link`, every second, and sends it nowhere. */
async function started(link: Link) {
  const clock = new SimClock();
  const text = `gateway: { id: gw }
buses: { line: { kind: modbus-tcp, host: 10.0.0.1 } }
devices: { d: { bus: line, unit: 1, points: { x: { area: coil, address: 0 } } } }
buffer: { dir: /buffer }`;
  const refuse = () => {
    throw new GatewayError("config.unreadable", "there is no such file");
  };
  const { config, problems } = loadConfig(text, {
    profiles: new Map(),
    readFile: refuse,
    env: () => undefined,
  });
  if (config === null) throw new Error(JSON.stringify(problems));
  const openTcp = () => Promise.resolve(link);
  const world = { clock, random: () => 0.5, log: () => {}, openTcp } as unknown as World;
  const ledger = new FakeLedger(clock);
  const news = { onEvent: () => {}, onReadings: () => {}, onHold: () => {} };
  const starting = startGateway(
    { world, config, ledger, news, release: "0" },
    new AbortController().signal,
  );
  await clock.advance(1);
  return { clock, ledger, gateway: await starting };
}

/** A link on which nobody ever says anything. */
function silentLink(onClose: () => void): Link {
  return { write: () => {}, onData: null, closed: new Promise(() => {}), close: onClose };
}

test("a gateway that is asked to stop ends in order, its last event stored", async (t) => {
  const { clock, ledger, gateway } = await started(silentLink(() => {}));
  await clock.advance(2500);
  gateway.stop(1000);
  await clock.advance(2000);
  await t.notThrowsAsync(gateway.done);
  t.like(ledger.events.at(-1)?.event, { kind: "gateway", to: "stopped" });
});

test("what goes wrong in a bus once the stop was asked for still ends the gateway as an error", async (t) => {
  const broken = new TypeError("the link is broken");
  const { clock, gateway } = await started(
    silentLink(() => {
      throw broken;
    }),
  );
  await clock.advance(2500);
  gateway.stop(1000);
  const ended = t.throwsAsync(gateway.done, { is: broken });
  await clock.advance(2000);
  await ended;
});
