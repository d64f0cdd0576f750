import test from "ava";
import { after, type UptimeMs } from "../../edge/core/time.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { openPty } from "../../test-rigs/plant/pty.ts";
import { bytesIn } from "../../test-rigs/sim/any-split.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { FakeLink } from "../modbus/fake-link.ts";
import { openTalker, type Talker } from "./serial.ts";

const GAUGE: Talker = {
  protocol: {
    kind: "text",
    ending: null,
    decimal: "point",
    layout: { kind: "columns", separator: ",", columns: null },
  },
  ask: null,
  points: [
    {
      id: "gauge.level",
      place: { kind: "column", column: 1, text: { kind: "number", suffix: null } },
      scale: 1,
      offset: 0,
    },
  ],
};

/** A clock of a program that may stand still: time passes, and nothing that waits is woken. */
class StallingClock extends SimClock {
  #stoodStillMs = 0;

  standStill(ms: number): void {
    this.#stoodStillMs += ms;
  }

  override uptime(): UptimeMs {
    return after(super.uptime(), this.#stoodStillMs);
  }
}

function rig(some: Partial<Talker> = {}) {
  const clock = new StallingClock();
  const link = new FakeLink();
  const session = openTalker(link, clock, 4800, { ...GAUGE, ...some });
  const values: unknown[] = [];
  session.onHeard = (heard) => {
    if (heard.kind === "message") values.push(heard.readings[0]?.value);
    else values.push(heard.kind);
  };
  const say = (text: string) => link.send(bytesIn(text));
  return { clock, link, session, values, say };
}

test("a line that was being said when the port was opened is not believed", (t) => {
  const { say, values } = rig();
  say("2.5\r\n12.5\r\n");
  t.deepEqual(values, [12.5]);
});

test("the rest of a line is never believed, however late it is handed over", async (t) => {
  const { clock, say, values } = rig();
  await clock.advance(250);
  say("2.5\r\n");
  say("12");
  await clock.advance(300);
  say("3.45\r\n");
  say("123.45\r\n");
  t.deepEqual(values, [123.45]);
});

test("what a device is asked for is a line from its beginning on, unless one was left unfinished", async (t) => {
  const { clock, say, values } = rig({ ask: [0x52] });
  await clock.advance(250);
  say("12.5\r\n");
  say("1");
  await clock.advance(250);
  say("2.5\r\n");
  say("3.5\r\n");
  t.deepEqual(values, [12.5, 3.5]);
});

test("a pause shorter than a silence does not tear a line", async (t) => {
  const { clock, say, values } = rig();
  say("\n");
  await clock.advance(250);
  say("12");
  await clock.advance(150);
  say(".5\r\n");
  t.deepEqual(values, [12.5]);
});

test("what was heard and what was thrown away is counted", async (t) => {
  const { clock, say, session } = rig();
  say("\n");
  await clock.advance(250);
  say("1,2\r\n?\r\nabc");
  await clock.advance(250);
  say("\r\n");
  t.deepEqual(session.counters(), {
    requests: 0,
    messages: 2,
    misfits: 0,
    crcErrors: 0,
    discardedBytes: 3,
  });
});

test("what lay in the port while the program stood still is never told as new", async (t) => {
  const { clock, say, session, values } = rig();
  say("\n1\n");
  await clock.advance(5000);
  say("2\n3");
  clock.standStill(1501);
  say("4\n5\n");
  say("6\n7");
  t.deepEqual(values, [1, 2]);
  await clock.advance(1000);
  // What stands before this may have been lost.
  say("8\n9\n");
  t.deepEqual(values, [1, 2, 9]);
  t.is(session.counters().discardedBytes, 1 + 4 + 3 + 1);
});

test("a program that is a little late loses nothing", async (t) => {
  const { clock, say, values } = rig();
  say("\n");
  await clock.advance(5000);
  clock.standStill(499);
  say("1\n2\n");
  t.deepEqual(values, [1, 2]);
});

test("the request is sent as it is, and a device that talks by itself is sent nothing", (t) => {
  const asked = rig({ ask: [0x52, 0x0a] });
  asked.session.ask();
  t.deepEqual(asked.link.written, [Uint8Array.of(0x52, 0x0a)]);
  t.is(asked.session.counters().requests, 1);
  const listened = rig();
  listened.session.ask();
  t.deepEqual(listened.link.written, []);
});

test("a line that is gone is told with why, and a closed session says nothing more", async (t) => {
  const { link, session, say, values } = rig();
  session.close();
  say("\n1\n");
  t.deepEqual(values, []);
  t.is(await session.closed, "closed");
  link.lose("again");
});

test.serial(
  "what a port held while the process was stopped is not told, and what comes then is",
  async (t) => {
    const pty = openPty();
    const never = new AbortController().signal;
    const link = await openSerial({ path: pty.path, baud: 4800, format: "8N1" }, never);
    const session = openTalker(link, new SystemClock(), 4800, GAUGE);
    const values: unknown[] = [];
    let heard = () => {};
    session.onHeard = (each) => {
      values.push(each.kind === "message" ? each.readings[0]?.value : each.kind);
      heard();
    };
    const next = () => new Promise<void>((resolve) => (heard = resolve));
    const first = next();
    pty.write(bytesIn("\n1\n"));
    await first;
    pty.write(bytesIn("2\n3\n"));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1800);
    const told = next();
    const saying = setInterval(() => pty.write(bytesIn("4\n")), 50);
    await told;
    clearInterval(saying);
    t.deepEqual(values, [1, 4]);
    session.close();
    pty.close();
  },
);
