import test from "ava";
import type { BusConfig } from "../../config/gateway-config.ts";
import type { ReadOutcome, Session } from "../../drivers/driver.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { sessionOpener } from "../../edge/acquire/open-session.ts";
import type { World } from "../../edge/world.ts";
import { LINE_FAULTS } from "../plant/line-fault.ts";
import { POINT } from "./a-point.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { SimDialer } from "./dialer.ts";
import { Random } from "./random.ts";
import { SimSwitchboard } from "./switchboard.ts";
import { Trace } from "./trace.ts";

const TIMING = { timeoutMs: 300, graceMs: 500, turnaroundMs: 5, deadBudget: 0.1 };

const LINE = { kind: "tcp", turnaroundMs: 5 } as const;

/** Two buses on one port; the heartbeat of the second is the unit that is asked. */
const BUSES = ["445455", "464545"].map((hex, index) => ({
  kind: "modbus-dial-in" as const,
  name: `bus-${index}`,
  ...TIMING,
  listen: { host: "0.0.0.0", port: 9000 },
  caller: { kind: "registration" as const, hex },
  framing: "rtu" as const,
  heartbeat: index === 0 ? "fefe" : "01",
  connectTimeoutMs: 10_000,
})) satisfies readonly BusConfig[];

/** The real way from a configured bus to its session, on a simulated network. */
function rig(seed: number) {
  const clock = new SimClock();
  const random = new Random(seed);
  const switchboard = new SimSwitchboard();
  const trace = new Trace(clock);
  const dialers = BUSES.map((bus) => {
    const devices = [new SimDevice(1, [POINT], () => 1)];
    const settings = { clock, random: random.stream(bus.name), trace, switchboard, devices };
    return new SimDialer({ ...settings, ...bus, place: "0.0.0.0:9000" });
  });
  const world: Pick<World, "clock" | "listenTcp" | "log"> = {
    clock,
    listenTcp: async (settings, onCall) => {
      await clock.sleep(1);
      return switchboard.listen(settings, { life: 1, onCall });
    },
    log: () => {},
  };
  const open = sessionOpener(world as World, BUSES);
  const signal = new AbortController().signal;
  const sessionOf = async (index: number): Promise<Session> => {
    const opening = open(BUSES[index] as (typeof BUSES)[0], signal);
    await clock.advance(5000);
    return await opening;
  };
  /** Asks, and goes on once the answer is there and `stepMs` are over. */
  const ask = async (session: Session, stepMs = 2500): Promise<ReadOutcome> => {
    const [request] = planReads({ name: "d", unit: 1, maxRegisters: 125 }, [POINT], LINE);
    if (request === undefined) throw new Error("nothing to ask");
    let isOver = false;
    const asked = session.read(request, signal).finally(() => {
      isOver = true;
    });
    do await clock.advance(stepMs);
    while (!isOver);
    return await asked;
  };
  return { clock, dialers, sessionOf, ask };
}

test("two that dial in to one port are read each for itself, heartbeats or not", async (t) => {
  const { dialers, sessionOf, ask } = rig(1);
  const sessions = [await sessionOf(0), await sessionOf(1)];
  for (const [index, session] of sessions.entries()) {
    for (let n = 0; n < 5; n++) {
      const outcome = await ask(session);
      const latest = dialers[index]?.units.truth.answers.at(-1);
      t.is(outcome.kind === "values" && outcome.readings[0]?.value, latest?.raws.get(POINT.id));
    }
    t.like(session.counters(), { timeouts: 0, crcErrors: 0, unsolicited: 0 });
  }
  t.is(sessions[0]?.counters().discardedBytes, 0);
});

test("a peer that loses its connection dials in again and is read again", async (t) => {
  const { clock, dialers, sessionOf, ask } = rig(2);
  const first = await sessionOf(0);
  dialers[0]?.unplug();
  t.is(await first.closed, "the peer closed the connection");
  dialers[0]?.plug();
  await clock.advance(10_000);
  const second = await sessionOf(0);
  t.is((await ask(second)).kind, "values");
});

test("whatever befalls the answers, a good value is one that the device then held", async (t) => {
  for (let seed = 1; seed <= 6; seed++) {
    const { dialers, sessionOf, ask } = rig(seed);
    for (const index of [0, 1]) {
      const session = await sessionOf(index);
      const { units } = dialers[index] as SimDialer;
      units.faults = Object.fromEntries(LINE_FAULTS.map((fault) => [fault, 0.07]));
      units.splits = 0.7;
      for (let n = 0; n < 60; n++) {
        const outcome = await ask(session);
        if (outcome.kind !== "values") continue;
        const latest = units.truth.answers.filter(({ isIntact }) => isIntact).at(-1);
        t.is(outcome.readings[0]?.value, latest?.raws.get(POINT.id) as number);
      }
      t.deepEqual(units.truth.violations, []);
    }
  }
});

test("a second copy of an answer is not taken for that of the next request, asked at once", async (t) => {
  let strays = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { dialers, ask, sessionOf } = rig(seed);
    const session = await sessionOf(0);
    const { units } = dialers[0] as SimDialer;
    units.faults = { twice: 0.5 };
    units.splits = 0.3;
    for (let n = 0; n < 20; n++) {
      const outcome = await ask(session, 1);
      if (outcome.kind !== "values") continue;
      const latest = units.truth.answers.filter(({ isIntact }) => isIntact).at(-1);
      t.is(outcome.readings[0]?.value, latest?.raws.get(POINT.id) as number);
    }
    strays += session.counters().unsolicited;
  }
  t.true(strays > 50);
});
