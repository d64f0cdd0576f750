import test from "ava";
import type { Heard } from "../../drivers/heard.ts";
import { openTalker } from "../../drivers/serial/serial.ts";
import { drawTalkers } from "../swarm/talkers.ts";
import { SimClock } from "./clock.ts";
import { Random } from "./random.ts";
import { SimTalkerLine, type TalkFault } from "./talker-line.ts";
import { Trace } from "./trace.ts";

/**
 * What the real driver hears of drawn sensors in a minute, beside what they said whole; its port is
 * closed for so many milliseconds of each second.
 */
async function listen(seed: number, faults: Partial<Record<TalkFault, number>>, closedMs = 0) {
  const clock = new SimClock();
  const told: string[] = [];
  const said: string[] = [];
  for (const { config, talker } of drawTalkers(new Random(seed))) {
    const { serial } = config;
    const parts = { clock, random: new Random(seed), trace: new Trace(clock, 10), sayMs: 700 };
    const line = new SimTalkerLine({ ...parts, talker, baud: serial.baud });
    line.faults = faults;
    line.splits = 0.5;
    const open = () => {
      const session = openTalker(line.open(serial, 1), clock, serial.baud, talker);
      session.onHeard = (heard: Heard) => {
        if (heard.kind !== "message") return;
        for (const { point, value } of heard.readings) {
          told.push(`${point} at ${clock.uptime()}: ${value}`);
        }
      };
      return session;
    };
    let session = open();
    for (let second = 0; second < 60; second++) {
      session.ask();
      await clock.advance(1000 - closedMs);
      if (closedMs === 0) continue;
      session.close();
      await clock.advance(closedMs);
      session = open();
    }
    session.close();
    for (const { values, isIntact, deliveredAt } of line.said) {
      if (!isIntact) continue;
      for (const [point, value] of values) said.push(`${point} at ${deliveredAt}: ${value}`);
    }
  }
  return { told, said };
}

test("the driver hears what a sensor says, when it says it", async (t) => {
  for (let seed = 1; seed <= 10; seed++) {
    const { told, said } = await listen(seed, {});
    // Who begins to listen may have missed the beginning of the first message.
    t.true(told.length >= said.length - 4, `${told.length} of ${said.length}`);
    t.deepEqual(
      told.filter((each) => !said.includes(each)),
      [],
    );
  }
});

test("through halves, noise, wrong check sums and silence nothing is heard that was not said", async (t) => {
  const faults = { silent: 0.1, half: 0.2, noisy: 0.2, "wrong-sum": 0.2 };
  let heard = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { told, said } = await listen(seed, faults);
    heard += told.length;
    t.deepEqual(
      told.filter((each) => !said.includes(each)),
      [],
    );
  }
  t.true(heard > 100);
});

test("a message of which only the noise before it was missed counts as said whole", async (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const { told, said } = await listen(seed, { noisy: 0.9 }, 203);
    t.deepEqual(
      told.filter((each) => !said.includes(each)),
      [],
    );
  }
});
