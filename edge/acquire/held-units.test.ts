import test from "ava";
import { rtuAnswer } from "../../drivers/modbus/fake-link.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { modbusRig } from "../../test-rigs/sim/modbus-rig.ts";
import type { Reading } from "../core/reading.ts";

const RTU = { kind: "modbus-rtu", serial: { baud: 9600 }, timeoutMs: 300, graceMs: 1000 } as const;

const qualities = (some: readonly Reading[]) => new Set(some.map(({ quality }) => quality));

test("a unit that is left alone after an answer that did not fit tells that, not a time-out", async (t) => {
  const requests = [requestOf("a", 1, 500), requestOf("b", 2, 500)];
  const rig = modbusRig(RTU, requests, (unit) => (unit === 1 ? [1, 2] : [7]));
  await rig.clock.advance(60_000);
  t.true(rig.of("a.x").length >= 100);
  t.deepEqual(qualities(rig.of("a.x")), new Set(["bad:malformed"]));
  rig.stop.abort();
});

/** Unit 1 is asked by somebody else too, each 0.9 s from 10 s on, for so many turns. */
async function askedByAnother(turns: number) {
  const rig = modbusRig(RTU, [requestOf("a", 1), requestOf("b", 2)], () => [7]);
  await rig.clock.advance(10_000);
  for (let n = 0; n < turns; n++) {
    await rig.clock.advance(900);
    rig.send(rtuAnswer(1, [1, 2, 3]));
  }
  return rig;
}

test("a unit that another client asks tells that frames come which do not fit, not a time-out", async (t) => {
  const rig = await askedByAnother(100);
  const since = rig.of("a.x").filter(({ uptime }) => uptime > 15_000);
  t.true(since.length >= 80, `${since.length}`);
  t.deepEqual(qualities(since), new Set(["bad:malformed"]));
  t.true(rig.of("b.x").every(({ quality }) => quality === "good"));
  rig.stop.abort();
});

test("that another client asks a unit is told once it lasts, and when it is over", async (t) => {
  const rig = await askedByAnother(100);
  t.deepEqual(rig.told, ["bus open", "a misses disturbed"]);
  t.deepEqual(rig.loop.status().disturbed, ["a"]);
  await rig.clock.advance(70_000);
  t.is(rig.of("a.x").at(-1)?.quality, "good");
  t.deepEqual(rig.told, ["bus open", "a misses disturbed", "a reads disturbed"]);
  t.deepEqual(rig.loop.status().disturbed, []);
  rig.stop.abort();
});
