import test from "ava";
import type { ReadOutcome, Session } from "../../drivers/driver.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { POINT } from "./a-point.ts";
import { TCP_FAULTS, type TcpFault } from "./bus-faults.ts";
import { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { Random } from "./random.ts";
import { SimTcpEndpoint } from "./tcp-endpoint.ts";
import { Trace } from "./trace.ts";

const TIMEOUT_MS = 300;
const BUS = { kind: "modbus-tcp", timeoutMs: TIMEOUT_MS, graceMs: 500 } as const;
const LINE = { kind: "tcp", turnaroundMs: 5 } as const;
const TCP = { host: "endpoint", port: 502, connectTimeoutMs: 3000 };

/** An endpoint with the units 1 and 2, each with one point, asked by the real driver. */
function rig(seed = 1) {
  const clock = new SimClock();
  const random = new Random(seed);
  const devices = [1, 2].map((unit) => new SimDevice(unit, [POINT], () => unit));
  const settings = { clock, random, trace: new Trace(clock), name: "tcp" };
  const endpoint = new SimTcpEndpoint({ ...settings, timeoutMs: TIMEOUT_MS, devices });
  const connect = () => openModbus(endpoint.open(TCP, 1), clock, BUS);
  const ask = async (session: Session, unit: number): Promise<ReadOutcome> => {
    const [request] = planReads({ name: "d", unit, maxRegisters: 125 }, [POINT], LINE);
    if (request === undefined) throw new Error("nothing to ask");
    const asked = session.read(request, new AbortController().signal);
    await clock.advance(5000);
    return await asked;
  };
  return { clock, endpoint, connect, ask };
}

function saidOf(outcome: ReadOutcome): string {
  return outcome.kind === "values" ? "good" : outcome.reason;
}

test("every unit behind an endpoint answers for itself", async (t) => {
  const { endpoint, connect, ask } = rig();
  const session = connect();
  t.deepEqual([saidOf(await ask(session, 1)), saidOf(await ask(session, 2))], ["good", "good"]);
  t.is(saidOf(await ask(session, 3)), "timeout");
  const { requests, answers, violations } = endpoint.units.truth;
  t.deepEqual(
    requests.map(({ unit, fault }) => [unit, fault]),
    [
      [1, "none"],
      [2, "none"],
      [3, "nobody"],
    ],
  );
  t.deepEqual(
    answers.map(({ request, isIntact }) => [request.unit, isIntact]),
    [
      [1, true],
      [2, true],
    ],
  );
  t.deepEqual(violations, []);
});

test("each fault is seen by the gateway as what it is", async (t) => {
  const seen: Record<TcpFault, RegExp> = {
    silent: /^timeout$/,
    late: /^(good|timeout)$/,
    held: /^timeout$/,
    "wrong-unit": /^timeout$/,
    "wrong-transaction": /^timeout$/,
    "wrong-length": /^(malformed|timeout|link-closed)$/,
    garbage: /^link-closed$/,
    exception: /^exception:\d+$/,
    joined: /^good$/,
    reset: /^link-closed$/,
    "half-open": /^timeout$/,
  };
  for (const fault of TCP_FAULTS) {
    for (let seed = 1; seed <= 10; seed++) {
      const { endpoint, connect, ask } = rig(seed);
      endpoint.units.faults = { [fault]: 1 };
      endpoint.units.splits = 0.5;
      const said = saidOf(await ask(connect(), 1));
      t.regex(said, seen[fault], `${fault} with seed ${seed}`);
      t.is(endpoint.units.truth.requests[0]?.fault, fault);
    }
  }
});

test("an answer that was held comes in one piece with the next, which alone is believed", async (t) => {
  const { endpoint, connect, ask } = rig();
  const session = connect();
  endpoint.units.faults = { held: 1 };
  t.is(saidOf(await ask(session, 1)), "timeout");
  endpoint.units.faults = {};
  t.is(saidOf(await ask(session, 1)), "good");
  const [held, next] = endpoint.units.truth.answers;
  t.is(held?.deliveredAt, next?.deliveredAt);
  t.is(held?.latestRequest, 1);
  t.is(session.counters().lateAnswers, 1);
});

test("garbage never completes a frame of a wrong length, so that what follows it were sound", async (t) => {
  for (let seed = 1; seed <= 100; seed++) {
    const { endpoint, connect, ask } = rig(seed);
    const session = connect();
    endpoint.units.faults = { "wrong-length": 1 };
    await ask(session, 1);
    endpoint.units.faults = { garbage: 1 };
    t.not(saidOf(await ask(session, 1)), "good", `seed ${seed}`);
  }
});

test("a half-open connection stays silent until it is opened anew", async (t) => {
  const { endpoint, connect, ask } = rig();
  const session = connect();
  endpoint.units.faults = { "half-open": 1 };
  t.is(saidOf(await ask(session, 1)), "timeout");
  endpoint.units.faults = {};
  t.is(saidOf(await ask(session, 2)), "timeout");
  session.close();
  t.is(saidOf(await ask(connect(), 2)), "good");
});

test("an endpoint that is away resets its connections and refuses new ones", async (t) => {
  const { endpoint, connect } = rig();
  const session = connect();
  endpoint.unplug();
  t.is(await session.closed, "connection reset by peer");
  t.throws(connect, { instanceOf: GatewayError, message: /refused/ });
  endpoint.plug();
  t.notThrows(connect);
});

test("a second connection and a second request at a time are noted as bad manners", (t) => {
  const { endpoint } = rig();
  const link = endpoint.open(TCP, 1);
  const read = Uint8Array.of(0, 1, 0, 0, 0, 6, 1, 3, 0, 10, 0, 2);
  link.write(read);
  link.write(read);
  endpoint.open(TCP, 1);
  t.deepEqual(
    endpoint.units.truth.violations.map(({ rule }) => rule),
    ["one-request", "one-link"],
  );
});
