import test from "ava";
import { BoschChip } from "../../../test-rigs/avr/bosch-chip.ts";
import { FakeFirmata } from "../../../test-rigs/avr/fake-firmata.ts";
import { I2cWires } from "./i2c.ts";

const ID = 0xd0;
const NO_ANSWER = { message: "no-answer" };

function wires() {
  const firmata = new FakeFirmata();
  firmata.chips.add(new BoschChip(0x76, 0x58));
  return { firmata, wires: new I2cWires(firmata.io) };
}

test("a chip is read from its register on, one question after the other", async (t) => {
  const { firmata, wires: one } = wires();
  const answers = await Promise.all([one.read(0x76, ID, 1), one.read(0x76, 0x88, 2)]);
  t.deepEqual(answers, [[0x58], [27504 & 0xff, 27504 >> 8]]);
  t.deepEqual(firmata.reads, ["118 208 1", "118 136 2"]);
});

test("a chip that is not there, or answers with fewer bytes, does not answer", async (t) => {
  const { firmata, wires: one } = wires();
  await t.throwsAsync(one.read(0x77, ID, 1), NO_ANSWER);
  t.deepEqual(await one.read(0x76, ID, 1), [0x58], "the next is read all the same");
  firmata.isShort = true;
  await t.throwsAsync(one.read(0x76, 0x88, 24), NO_ANSWER);
});

test("an answer that comes too late is not taken for the next one", async (t) => {
  const { firmata, wires: one } = wires();
  firmata.isMute = true;
  const missed = one.read(0x76, ID, 1);
  const next = one.read(0x76, ID, 1);
  // It comes while the wires are left alone, and says what no chip would say now.
  setTimeout(() => firmata.emit(`I2C-reply-118-${ID}`, [1]), 1_500);
  setTimeout(() => {
    firmata.isMute = false;
  }, 2_000);
  await t.throwsAsync(missed, NO_ANSWER);
  t.deepEqual(await next, [0x58]);
});
