import test from "ava";
import type { ReadOutcome, Session } from "../../drivers/driver.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { POINT } from "./a-point.ts";
import { UDP_FAULTS, type UdpFault } from "./bus-faults.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { Random } from "./random.ts";
import { Trace } from "./trace.ts";
import { SimUdpEndpoint } from "./udp-endpoint.ts";

const TIMEOUT_MS = 300;
const BUS = { kind: "modbus-udp", timeoutMs: TIMEOUT_MS, graceMs: 500 } as const;

const LINE = { kind: "tcp", turnaroundMs: 5 } as const;

/** An endpoint with unit 1, which has one point, asked by the real driver. */
function rig(seed = 1) {
  const clock = new SimClock();
  const random = new Random(seed);
  const devices = [new SimDevice(1, [POINT], () => 1)];
  const settings = { clock, random, trace: new Trace(clock), name: "udp" };
  const endpoint = new SimUdpEndpoint({ ...settings, timeoutMs: TIMEOUT_MS, devices });
  const session = openModbus(endpoint.open(1), clock, BUS);
  return { clock, endpoint, session };
}

async function ask(clock: SimClock, session: Session, waitMs = 5000): Promise<ReadOutcome> {
  const [request] = planReads({ name: "d", unit: 1, maxRegisters: 125 }, [POINT], LINE);
  if (request === undefined) throw new Error("nothing to ask");
  const asked = session.read(request, new AbortController().signal);
  await clock.advance(waitMs);
  return await asked;
}

function saidOf(outcome: ReadOutcome): string {
  return outcome.kind === "values" ? "good" : outcome.reason;
}

/** What each mishap must come to. */
const SAID: Readonly<Record<UdpFault, RegExp>> = {
  silent: /^timeout$/,
  late: /^(good|timeout)$/,
  twice: /^good$/,
  "wrong-unit": /^timeout$/,
  "wrong-transaction": /^timeout$/,
  truncated: /^timeout$/,
  trailing: /^timeout$/,
  exception: /^exception:/,
};

for (const fault of UDP_FAULTS) {
  test(`after a mishap '${fault}' the next read is good again`, async (t) => {
    for (const seed of [1, 2, 3]) {
      const { clock, endpoint, session } = rig(seed);
      endpoint.units.faults = { [fault]: 1 };
      t.regex(saidOf(await ask(clock, session)), SAID[fault]);
      endpoint.units.faults = {};
      t.is(saidOf(await ask(clock, session)), "good");
      t.deepEqual(endpoint.units.truth.violations, []);
    }
  });
}

test("an endpoint that is away is silence, and no reason to close", async (t) => {
  const { clock, endpoint, session } = rig();
  endpoint.unplug();
  t.is(saidOf(await ask(clock, session)), "timeout");
  endpoint.plug();
  t.is(saidOf(await ask(clock, session)), "good");
});

test("whatever befalls the datagrams, a good value is one that the device then held", async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const { clock, endpoint, session } = rig(seed);
    endpoint.units.faults = Object.fromEntries(UDP_FAULTS.map((fault) => [fault, 0.09]));
    for (let n = 0; n < 60; n++) {
      const outcome = await ask(clock, session, 1500);
      const { answers } = endpoint.units.truth;
      if (outcome.kind !== "values") continue;
      const [reading] = outcome.readings;
      const latest = answers.filter(({ isIntact }) => isIntact).at(-1);
      t.deepEqual(reading?.value, latest?.raws.get(POINT.id));
    }
    t.deepEqual(endpoint.units.truth.violations, []);
  }
});
