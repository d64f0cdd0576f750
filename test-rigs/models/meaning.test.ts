import test, { type ExecutionContext } from "ava";
import { atRest } from "./filling.ts";
import { type Model, shippedModels } from "./model.ts";
import { benchOf, measureAll } from "./read-back.ts";
import { type Raw, spotsOf, store } from "./registers.ts";

const MODELS = new Map(shippedModels().map((model) => [model.name, model]));

test("a gas detector that is inhibited, warms up or has a fault is not believed", async (t) => {
  const state = (registers: Record<string, Raw>) => {
    return stateOfGas(t, "honeywell-sensepoint-xrl", { faultCode: 0, ...registers });
  };
  t.is(await state({ state: 1 }), "good");
  t.is(await state({ state: 2 }), "bad:warm-up");
  t.is(await state({ state: 3 }), "bad:function-check");
  t.is(await state({ state: 12 }), "bad:calibration");
  t.is(await state({ state: 7 }), "uncertain:out-of-specification");
  t.is(await state({ state: 1, faultCode: 7 }), "maintenance");
  t.is(await state({ state: 1, faultCode: 1205 }), "bad:failure");
  t.is(await state({ state: 3, faultCode: 1205 }), "bad:failure");
});

test("a detector whose state stands in parts of a word is known by the gravest of them", async (t) => {
  const state = (status: number) => stateOfGas(t, "honeywell-midas", { status });
  t.is(await state(0x0001), "good");
  t.is(await state(0x0000), "bad:warm-up");
  t.is(await state(0x0004), "bad:function-check");
  t.is(await state(0x0008), "bad:calibration");
  t.is(await state(0x0011), "maintenance");
  t.is(await state(0x0014), "bad:function-check");
  t.is(await state(0x0021), "bad:failure");
  t.is(await state(0x0009), "uncertain:out-of-specification");
  // An alarm and a relay say nothing of the instrument.
  t.is(await state(0x0941), "good");
});

test("a bit that tells of a test alone is no fault", async (t) => {
  const isFaulty = async (faultStatus: number) => {
    return (await valuesOf(t, "gassonic-observer-i", { faultStatus }))("condition");
  };
  t.is(await isFaulty(0), false);
  t.is(await isFaulty(1 << 13), false);
  t.is(await isFaulty((1 << 13) + 1), true);
  t.is(await isFaulty(1 << 15), true);
});

test("where a register tells the decimals, the value has them", async (t) => {
  const gas = await valuesOf(t, "gastron-gtd-5000f", { reading: 215, unitCode: 0x0801 });
  t.is(gas("gas"), 21.5);
  const below = await valuesOf(t, "oldham-itrans", { reading: -5, gasType: 0x0002 });
  t.is(below("gas"), -5);
  const oxygen = await valuesOf(t, "oldham-itrans", { reading: 209, gasType: 0x0105 });
  t.is(oxygen("gas"), 20.9);
  const inMPa = { reading: 1234, decimals: 3, unitCode: 0 };
  isNear(t, (await valuesOf(t, "generic-pressure-integer", inMPa))("pressure"), 1234);
  const inBar = { reading: -56, decimals: 2, unitCode: 3 };
  isNear(t, (await valuesOf(t, "generic-pressure-integer", inBar))("pressure"), -56);
});

test("where a register tells the full scale, the value is of it", async (t) => {
  const narrow = await valuesOf(t, "detcon-dm-600is", { reading: 512, fullScale: 10 });
  t.is(narrow("gas"), 5.12);
  const wide = await valuesOf(t, "detcon-dm-600is", { reading: 75, fullScale: 100 });
  t.is(wide("gas"), 75);
});

test("a current that an instrument gives out is of its full scale, or tells a fault", async (t) => {
  // 21.7 mA are 65535.
  const gas = (mA: number) => {
    const output = Math.round((mA / 21.7) * 65_535);
    return valuesOf(t, "general-monitors-s4000t", { output, fullScale: 200 });
  };
  isNear(t, (await gas(8))("gas"), 50, 0.01);
  t.is((await gas(1.5))("gas"), null);
  // Gas beyond the scale is not a fault: it must be seen.
  isNear(t, (await gas(21.7))("gas"), 221.25, 0.01);
});

function isNear(t: ExecutionContext, value: unknown, wanted: number, by = 1e-9): void {
  t.true(Math.abs(Number(value) - wanted) < by, `${value}, not ${wanted}`);
}

/** What is known of the gas of a device of the model `name` whose points hold `raws`. */
async function stateOfGas(t: ExecutionContext, name: string, raws: Record<string, Raw>) {
  const { readings, desk } = await measured(t, name, raws);
  return desk.notes("d.gas").maintenance ? "maintenance" : readings.get("gas")?.quality;
}

/** The values of a device of the model `name` whose points hold `raws`. */
async function valuesOf(t: ExecutionContext, name: string, raws: Record<string, Raw>) {
  const { readings } = await measured(t, name, raws);
  return (point: string) => readings.get(point)?.value ?? null;
}

/** What a device of the model `name` is measured to be; points not in `raws` hold 0. */
async function measured(t: ExecutionContext, name: string, raws: Record<string, Raw>) {
  const model = modelNamed(name);
  const memory = atRest(model.profile);
  for (const [point, raw] of Object.entries(raws)) {
    const spot = spotsOf(model.profile).find((each) => each.name === point);
    if (spot === undefined) throw new Error(`${name} has no register ${point}`);
    store(memory, spot, raw);
  }
  const bench = benchOf(model, memory);
  const all = await measureAll(model, bench);
  t.deepEqual(bench.device.complaints, []);
  return all;
}

function modelNamed(name: string): Model {
  const model = MODELS.get(name);
  if (model === undefined) throw new Error(`there is no model ${name}`);
  return model;
}
