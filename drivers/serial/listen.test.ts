import test from "ava";
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

function rig(some: Partial<Talker> = {}) {
  const clock = new SimClock();
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
