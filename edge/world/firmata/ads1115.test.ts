import test from "ava";
import { Ads1115 } from "../../../test-rigs/avr/ads1115.ts";
import { BoschChip } from "../../../test-rigs/avr/bosch-chip.ts";
import { FakeFirmata } from "../../../test-rigs/avr/fake-firmata.ts";
import { readAds1115 } from "./ads1115.ts";
import { I2cWires } from "./i2c.ts";

function rig() {
  const firmata = new FakeFirmata();
  const chip = new Ads1115(0x48);
  firmata.chips.add(chip);
  return { firmata, chip, wires: new I2cWires(firmata.io) };
}

const BRIDGE = { address: 0x48, between: "0-1", rangeMv: 256 } as const;

test("a bridge's millivolts are read with their sign", async (t) => {
  const { chip, wires } = rig();
  chip.volts[0] = 2.5035;
  chip.volts[1] = 2.5;
  t.true(Math.abs((await readAds1115(wires, BRIDGE)) - 0.0035) < 0.000_004);
  chip.volts[1] = 2.507;
  t.true(Math.abs((await readAds1115(wires, BRIDGE)) + 0.0035) < 0.000_004);
});

test("each pair of inputs and each range is what it says", async (t) => {
  const { chip, wires } = rig();
  chip.volts.splice(0, 4, 0.1, 0.2, 0.4, 0.8);
  const between = async (pair: "0-1" | "0-3" | "1-3" | "2-3") =>
    (await readAds1115(wires, { ...BRIDGE, between: pair, rangeMv: 1024 })).toFixed(3);
  t.deepEqual(
    [await between("0-1"), await between("0-3"), await between("1-3"), await between("2-3")],
    ["-0.100", "-0.700", "-0.600", "-0.400"],
  );
  for (const rangeMv of [6144, 4096, 2048, 1024, 512, 256] as const) {
    const volts = await readAds1115(wires, { ...BRIDGE, rangeMv });
    t.true(Math.abs(volts + 0.1) < rangeMv / 32_768_000 + 1e-9, `${rangeMv} mV`);
  }
});

test("beyond its range it tells no value", async (t) => {
  const { chip, wires } = rig();
  chip.volts[0] = 0.3;
  await t.throwsAsync(readAds1115(wires, BRIDGE), { message: "out-of-range" });
  chip.volts[0] = -0.3;
  await t.throwsAsync(readAds1115(wires, BRIDGE), { message: "out-of-range" });
});

test("a chip that is gone, or another one at its address, is no bridge", async (t) => {
  const { firmata, chip, wires } = rig();
  firmata.chips.delete(chip);
  await t.throwsAsync(readAds1115(wires, BRIDGE), { message: "no-answer" });
  firmata.chips.add(new BoschChip(0x48, 0x58));
  await t.throwsAsync(readAds1115(wires, BRIDGE), { message: "other-chip" });
});
