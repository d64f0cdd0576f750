import test from "ava";
import { loadProfile } from "../../config/profile.ts";
import { RTU } from "../plant/frame.ts";
import { SimClock } from "../sim/clock.ts";
import { fill } from "./filling.ts";
import { UNIT } from "./model.ts";
import { ModelDevice } from "./model-device.ts";

const PROFILE = `
name: { en: a, zh-CN: 甲 }
measures: { en: a, zh-CN: 甲 }
source: made for this test
maxRegisters: 8
maxGap: 1
forbidden: [{ area: holding, address: 20, last: 22 }]
silence: 50ms
turnaround: 30ms
points:
  a: { title: { en: a, zh-CN: 甲 }, area: holding, address: 0, type: uint16 }
  b: { title: { en: b, zh-CN: 乙 }, area: holding, address: 3, type: uint16 }
  alone: { title: { en: c, zh-CN: 丙 }, area: holding, address: 4, type: uint16, readAlone: true }
  clears: { title: { en: d, zh-CN: 丁 }, area: holding, address: 6, type: int32, readClears: true }
  last: { title: { en: e, zh-CN: 戊 }, area: holding, address: 19, type: uint16 }
`;

/** What a device complains of that is asked for `asked`, each time so many registers from there. */
async function complaintsAfter(
  ...asked: readonly (readonly [address: number, count: number])[]
): Promise<readonly string[]> {
  const { profile } = loadProfile(PROFILE);
  if (profile === null) throw new Error("the profile has faults");
  const clock = new SimClock();
  const device = new ModelDevice({ profile }, clock);
  device.memory = fill(profile, 0).memory;
  for (const [address, count] of asked) {
    device.link.write(RTU.frame(UNIT, Uint8Array.of(3, 0, address, 0, count)));
    await clock.advance(200);
  }
  return device.complaints;
}

test("a device that is asked as its profile says complains of nothing", async (t) => {
  t.deepEqual(await complaintsAfter([0, 1], [3, 1], [4, 1], [6, 2], [19, 1]), []);
});

test("a device complains of each request that its profile rules out", async (t) => {
  t.deepEqual(await complaintsAfter([0, 4]), ["4 of holding from 0: a gap"]);
  t.deepEqual(await complaintsAfter([3, 2]), ["2 of holding from 3: alone not alone"]);
  t.deepEqual(await complaintsAfter([6, 1]), ["1 of holding from 6: clears not alone"]);
  t.deepEqual(await complaintsAfter([6, 2], [6, 2]), ["2 of holding from 6: clears read twice"]);
  t.true((await complaintsAfter([19, 2])).includes("2 of holding from 19: forbidden"));
  t.true((await complaintsAfter([19, 9])).includes("9 of holding from 19: more than 8"));
});

test("a device answers no sooner than its profile says, and needs its silence", async (t) => {
  const { profile } = loadProfile(PROFILE);
  if (profile === null) throw new Error("the profile has faults");
  const clock = new SimClock();
  const device = new ModelDevice({ profile }, clock);
  device.memory = fill(profile, 0).memory;
  let answers = 0;
  device.link.onData = () => {
    answers++;
  };
  const request = RTU.frame(UNIT, Uint8Array.of(3, 0, 0, 0, 1));
  device.link.write(request);
  await clock.advance(35);
  t.is(answers, 0);
  await clock.advance(10);
  t.is(answers, 1);
  device.link.write(request);
  t.deepEqual(device.complaints, ["asked before 50 ms"]);
});
