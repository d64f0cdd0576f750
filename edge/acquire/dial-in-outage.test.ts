import test from "ava";
import { tcpFrame } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { splitRefused } from "../../drivers/modbus/split.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { SimSwitchboard } from "../../test-rigs/sim/switchboard.ts";
import type { ListenSettings } from "../core/link.ts";
import type { Reading } from "../core/reading.ts";
import type { World } from "../world.ts";
import { BusLoop } from "./bus-loop.ts";
import { Reception } from "./reception.ts";

const DIAL = Uint8Array.of(0x44, 0x54, 0x55);
const TIMING = { kind: "modbus-tcp", timeoutMs: 300, graceMs: 1000 } as const;
const IDENTITY = { kind: "registration", hex: "445455" } as const;

/** A bus whose peer dials in, and what it tells. */
function rig() {
  const clock = new SimClock();
  const switchboard = new SimSwitchboard();
  const stop = new AbortController();
  const world = {
    clock,
    random: () => 0.5,
    log: () => {},
    listenTcp: async (settings: ListenSettings, onCall: Parameters<World["listenTcp"]>[1]) =>
      switchboard.listen(settings, { life: 1, onCall }),
  } as unknown as World;
  const callers = [{ bus: "pump", identity: IDENTITY, heartbeat: null }];
  const reception = new Reception(world, { host: "0.0.0.0", port: 9000 }, callers, () => {});
  const told: string[] = [];
  const readings: Reading[] = [];
  const loop = new BusLoop(
    {
      world,
      name: "pump",
      requests: [requestOf("a", 1)],
      watched: new Set(),
      isolation: { timeoutMs: 300, deadBudget: 0.1, probeEveryMs: new Map([[1, 30_000]]) },
      open: async (signal) => openModbus(await reception.next("pump", 3000, signal), clock, TIMING),
      split: splitRefused,
      onCut: () => {},
      rebind: null,
      onHealing: () => {},
      onReadings: (some) => readings.push(...some),
      onBusTurn: (to, cause) => told.push(`${to}: ${cause}`),
      onDeviceTurn: () => {},
      onImpaired: () => {},
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  /** A peer dials in and answers every request for as long as it has power. */
  const dialIn = () => {
    const peer = { hasPower: true };
    const call = switchboard.call("0.0.0.0:9000", "10.0.0.1", {
      onBytes: ([high = 0, low = 0]) => {
        const answer = tcpFrame((high << 8) | low, [1, 3, 2, 0, 7]);
        if (peer.hasPower) void clock.sleep(20).then(() => call?.send(answer));
      },
    });
    call?.send(DIAL);
    return peer;
  };
  return { clock, stop, running, loop, told, readings, dialIn };
}

test("a peer that lost its power without a farewell closes its bus, until it dials in again", async (t) => {
  const { clock, stop, running, loop, told, readings, dialIn } = rig();
  await clock.advance(10);
  const peer = dialIn();
  await clock.advance(60_000);
  t.is(readings.at(-1)?.quality, "good");
  peer.hasPower = false;
  await clock.advance(120_000);
  t.is(loop.status().state, "closed");
  t.regex(loop.status().trouble ?? "", /nobody with the registration 'DTU' has dialled in/);
  t.is(readings.at(-1)?.quality, "bad:link-closed");
  dialIn();
  await clock.advance(5000);
  t.is(readings.at(-1)?.quality, "good");
  t.deepEqual(
    told.map((each) => each.split(":")[0]),
    ["open", "closed", "open"],
  );
  stop.abort();
  await running;
});
