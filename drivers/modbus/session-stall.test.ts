import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import type { Clock, UptimeMs } from "../../edge/core/time.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openTcp } from "../../edge/world/tcp.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { ReadOutcome } from "../driver.ts";
import { aRequest, FakeLink, inTime, rtuAnswer, tcpFrame } from "./fake-link.ts";
import { type ModbusBus, openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 100, graceMs: 200 };
const REQUEST = aRequest({ count: 1 });

function told(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings[0]?.value : outcome.reason;
}

/**
 * A read that is answered 20 ms after it was asked, by a gateway that stands still from then on for
 * `stillMs` and looks at its ports before it looks at its timers.
 */
async function readAfterStill(bus: ModbusBus, answer: Uint8Array, stillMs: number) {
  const sim = new SimClock();
  let stoodMs = 0;
  const clock: Clock = {
    now: () => sim.now(),
    uptime: () => (sim.uptime() + stoodMs) as UptimeMs,
    state: () => sim.state(),
    isStateKnown: () => true,
    boot: sim.boot,
    sleep: (ms, signal) => sim.sleep(ms, signal),
  };
  const link = new FakeLink();
  const session = openModbus(link, clock, bus);
  await sim.advance(500);
  link.onWrite = () => {
    sim.at(sim.uptime() + 20, () => {
      stoodMs = stillMs;
      link.send(answer);
    });
  };
  const outcome = await inTime(sim, session.read(REQUEST, NEVER));
  return { session, told: told(outcome) };
}

const LINE = { kind: "modbus-rtu", serial: { baud: 9600 }, ...TIMING } as const;
const TCP = { kind: "modbus-tcp", ...TIMING } as const;

test("an answer that lay in the port while the gateway stood still is a late one", async (t) => {
  const line = await readAfterStill(LINE, rtuAnswer(1, [7]), 6000);
  t.is(line.told, "timeout");
  t.like(line.session.counters(), { timeouts: 1, lateAnswers: 1, discardedBytes: 0 });
  const connection = await readAfterStill(TCP, tcpFrame(1, [1, 3, 2, 0, 7]), 6000);
  t.is(connection.told, "timeout");
  t.like(connection.session.counters(), { timeouts: 1, lateAnswers: 1 });
});

test("a gateway that is a little late itself takes the answer", async (t) => {
  t.is((await readAfterStill(LINE, rtuAnswer(1, [7]), 150)).told, 7);
  t.is((await readAfterStill(TCP, tcpFrame(1, [1, 3, 2, 0, 7]), 150)).told, 7);
});

test("on a real connection an answer read after a stall longer than the time-out is none", async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", () => {
      // In a timer, so that the next thing the process looks at are its sockets.
      setTimeout(() => {
        socket.write(tcpFrame(1, [1, 3, 2, 0, 7]));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
      }, 20);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 3000 }, NEVER);
  const session = openModbus(link, new SystemClock(), TCP);
  t.is(told(await session.read(REQUEST, NEVER)), "timeout");
  for (let tries = 0; session.counters().lateAnswers === 0 && tries < 100; tries++) await sleep(10);
  t.is(session.counters().lateAnswers, 1);
  session.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

test("a session that is closed or lost leaves no timer that would keep a program from ending", async (t) => {
  for (const end of ["close", "lose"] as const) {
    const clock = new SimClock();
    const link = new FakeLink();
    const session = openModbus(link, clock, TCP);
    link.onWrite = () =>
      clock.at(clock.uptime() + 20, () => link.send(tcpFrame(1, [1, 3, 2, 0, 7])));
    t.is(told(await inTime(clock, session.read(REQUEST, NEVER))), 7);
    t.is(clock.timers, 1, "that of the time-out serves the next request");
    if (end === "close") session.close();
    else link.lose("gone");
    await clock.advance(0);
    t.is(clock.timers, 0);
  }
});
