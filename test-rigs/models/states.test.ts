import test from "ava";
import { type AnyPoint, allPoints } from "../../config/gateway-config.ts";
import { sourcesOf } from "../../edge/core/derivation.ts";
import type { StatusSource } from "../../edge/core/measurement.ts";
import { fill } from "./filling.ts";
import { isAsked, type Model, shippedModels } from "./model.ts";
import { benchOf, readAll } from "./read-back.ts";
import { type Memory, type Raw, type Spot, spotsOf, store } from "./registers.ts";
import { stateBy, withDerived } from "./states.ts";

/** What is tried for a register from which a state is worked out: codes in either half, and more. */
const CODES = Array.from({ length: 256 }, (_, code) => code);
const TRIED = [...CODES, ...CODES.map((code) => code << 8), 999, 1000, 1199, 1200, 1201];

for (const model of shippedModels().filter(isAsked)) {
  for (const { id, measurement } of allPoints(model.config)) {
    const status = measurement?.checks.status ?? null;
    if (status !== null) testStatus(model, nameOf(id), status);
  }
}

function testStatus(model: Model, name: string, status: StatusSource): void {
  const { values, bits } = status;
  const source = nameOf(status.point);
  const told = model.profile.points[source];

  test(`${model.name}: every status of ${name} is one that ${source} can tell`, async (t) => {
    for (const [value, category] of values) {
      const state = await stateOf(model, status, (told) => Number(told) === value);
      t.is(state, category, `${source} ${value}`);
      if (told?.values !== undefined) t.true(String(value) in told.values, `${value} has no name`);
    }
    for (const [bit, category] of bits) {
      const state = await stateOf(model, status, (told) => Number(told) === 2 ** bit);
      t.is(state, category, `bit ${bit} of ${source}`);
      if (told?.bits !== undefined) t.true(String(bit) in told.bits, `bit ${bit} has no name`);
    }
  });

  test(`${model.name}: ${name} is believed while ${source} tells of nothing`, async (t) => {
    t.is(await stateOf(model, status, (told) => stateBy(status, Number(told)) === null), null);
  });
}

/** The state of a device whose registers make the status point one that `isWanted`. */
async function stateOf(model: Model, status: StatusSource, isWanted: (told: unknown) => boolean) {
  const source = nameOf(status.point);
  const { memory } = fill(model.profile, 0);
  const spots = originsOf(model, source);
  const raws = combinations(spots).find((raws) => isWanted(workedOut(model, source, spots, raws)));
  if (raws === undefined) throw new Error(`nothing makes ${source} what is wanted`);
  for (const [i, spot] of spots.entries()) store(memory, spot, raws[i] as Raw);
  const told = await readWith(model, memory, source);
  if (!isWanted(told)) throw new Error(`${source} reads as ${told}`);
  return told === null ? "unknown" : stateBy(status, told);
}

async function readWith(model: Model, memory: Memory, name: string) {
  const bench = benchOf(model);
  bench.device.memory = memory;
  const readings = await readAll(model, bench);
  return withDerived(model, readings.values()).get(name)?.value ?? null;
}

/** What `name` is where the registers that it comes from hold `raws`. */
function workedOut(model: Model, name: string, spots: readonly Spot[], raws: readonly Raw[]) {
  const readings = spots.map((spot, i) => {
    return { point: `d.${spot.name}`, value: raws[i] as Raw, quality: "good" } as const;
  });
  return withDerived(model, readings).get(name)?.value ?? null;
}

/** Where the point comes from that is called `name`, be it by others. */
function originsOf(model: Model, name: string): readonly Spot[] {
  const spot = spotsOf(model.profile).find((each) => each.name === name);
  if (spot !== undefined) return [spot];
  const point = model.config.derived.find(({ id }) => nameOf(id) === name);
  if (point === undefined) throw new Error(`${model.name} has no point ${name}`);
  return sourcesOf(point.derivation).flatMap((id) => originsOf(model, nameOf(id)));
}

/** Every combination of what is tried in `spots`. */
function* combinations([spot, ...others]: readonly Spot[]): Generator<readonly Raw[]> {
  if (spot === undefined) {
    yield [];
    return;
  }
  for (const raw of spot.type === "bool" ? [false, true] : TRIED) {
    for (const rest of combinations(others)) yield [raw, ...rest];
  }
}

function nameOf(id: AnyPoint["id"]): string {
  return id.replace(/^d\./, "");
}
