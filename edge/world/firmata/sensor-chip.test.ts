import process from "node:process";
import test, { registerCompletionHandler } from "ava";
import five from "johnny-five";
import { BoschChip, EXAMPLE } from "../../../test-rigs/avr/bosch-chip.ts";
import { FakeFirmata } from "../../../test-rigs/avr/fake-firmata.ts";
import { I2cWires } from "./i2c.ts";
import { isWithinSpan, SensorChipReader } from "./sensor-chip.ts";

// Components of johnny-five have timers that never end.
registerCompletionHandler(() => process.exit());

const BMP280 = 0x58;
const BME280 = 0x60;

function rig(chip: "bmp280" | "bme280", id: number) {
  const firmata = new FakeFirmata();
  const model = new BoschChip(0x76, id);
  firmata.chips.add(model);
  const reader = new SensorChipReader(five, new I2cWires(firmata.io), chip, 0x76);
  return { firmata, model, reader };
}

test("the example of the data sheet comes out as it says there", async (t) => {
  const { reader } = rig("bmp280", BMP280);
  const { temperature, pressure } = await reader.read();
  t.is(temperature, 25.08);
  // 100653 Pa in floating point; the chip's integers leave up to 3 Pa.
  t.true(Math.abs(pressure - 100.653) < 0.0031, `${pressure}`);
});

test("each reading is what the chip holds then", async (t) => {
  const { model, reader } = rig("bme280", BME280);
  const before = await reader.read();
  t.true(before.humidity > 20 && before.humidity < 80, `${before.humidity}`);
  model.codes = { ...EXAMPLE, temperature: EXAMPLE.temperature + 16_000, humidity: 0x7800 };
  const after = await reader.read();
  t.true(after.temperature > before.temperature + 4, `${after.temperature}`);
  t.true(after.humidity > before.humidity, `${after.humidity}`);
});

test("a chip that is not there, or is another one, has no value", async (t) => {
  const { firmata, model, reader } = rig("bmp280", BMP280);
  firmata.chips.delete(model);
  await t.throwsAsync(reader.read(), { message: "no-answer" });
  firmata.chips.add(new BoschChip(0x76, BME280));
  await t.throwsAsync(reader.read(), { message: "other-chip" });
});

test("a chip that lost its power has no value until it is set up anew", async (t) => {
  const { model, reader } = rig("bmp280", BMP280);
  await reader.read();
  model.powerUp();
  await t.throwsAsync(reader.read(), { message: "not-measuring" });
  t.is((await reader.read()).temperature, 25.08);
});

test("what was not measured is no value", async (t) => {
  const { model, reader } = rig("bmp280", BMP280);
  await reader.read();
  model.codes = { ...model.codes, pressure: 0x80000 };
  await t.throwsAsync(reader.read(), { message: "not-measuring" });
});

test("what no chip can measure is told apart", (t) => {
  t.true(isWithinSpan("pressure", 101.3));
  t.false(isWithinSpan("pressure", 0));
  t.false(isWithinSpan("temperature", 180));
  t.false(isWithinSpan("humidity", Number.NaN));
});
