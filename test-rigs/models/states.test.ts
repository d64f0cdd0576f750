import test from "ava";
import { allPoints } from "../../config/gateway-config.ts";
import { sourcesOf } from "../../edge/core/derivation.ts";
import type { DeviceStatus, StatusSource } from "../../edge/core/measurement.ts";
import type { Reading, Value } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import { barOf } from "../../edge/measure/checks-device.ts";
import { DerivedPoints } from "../../edge/measure/derived.ts";
import { fill } from "./filling.ts";
import { isAsked, type Model, shippedModels } from "./model.ts";
import { benchOf, byName, measureAll, nameOf } from "./read-back.ts";
import { type Raw, type Spot, spotsOf, store } from "./registers.ts";

/** What is tried for a register that tells a state: codes in either half, and more. */
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

  test(`${model.name}: ${name} is what ${source} says of it`, async (t) => {
    for (const [value, category] of values) {
      const said = await saidOf(model, name, source, (code) => code === value);
      t.true(isMeant(said, category), `${source} ${value}: ${said.quality}, not ${category}`);
      if (told?.values !== undefined) t.true(String(value) in told.values, `${value} has no name`);
    }
    for (const [bit, category] of bits) {
      const said = await saidOf(model, name, source, (code) => code === 2 ** bit);
      t.true(isMeant(said, category), `bit ${bit} of ${source}: ${said.quality}, not ${category}`);
      if (told?.bits !== undefined) t.true(String(bit) in told.bits, `bit ${bit} has no name`);
    }
    const well = await saidOf(model, name, source, (code) => {
      return !values.has(code) && [...bits.keys()].every((bit) => !isSet(code, bit));
    });
    t.regex(well.quality, /^(good|(bad|uncertain):(out-of-range|loop-fault|not-a-number|input))$/);
    t.false(well.isMaintained);
  });
}

type Said = { readonly quality: string; readonly isMaintained: boolean };

/** Whether that becomes of a value whose device is in the state `category` (NAMUR NE 107). */
function isMeant({ quality, isMaintained }: Said, category: DeviceStatus): boolean {
  if (category === "maintenance") return isMaintained;
  const bar = barOf(category);
  // A value that is beyond the range as well is in doubt for that.
  if (bar === null) return /^(uncertain:(out-of-specification|out-of-range)|bad:)/.test(quality);
  return quality === `bad:${bar}`;
}

function isSet(code: number, bit: number): boolean {
  return Math.floor(code / 2 ** bit) % 2 === 1;
}

/** What is said of `name` where the registers of a device make `source` one that `isWanted`. */
async function saidOf(
  model: Model,
  name: string,
  source: string,
  isWanted: (code: number) => boolean,
): Promise<Said> {
  const { memory } = fill(model.profile, 0);
  const spots = originsOf(model, source);
  const raws = combinations(spots).find((tried) => {
    const value = workedOut(model, source, spots, tried);
    return value !== null && isWanted(Number(value));
  });
  if (raws === undefined) throw new Error(`nothing makes ${source} what is wanted`);
  for (const [i, spot] of spots.entries()) store(memory, spot, raws[i] as Raw);
  const { readings, desk } = await measureAll(model, benchOf(model, memory));
  const code = Number(readings.get(source)?.value);
  if (!isWanted(code)) throw new Error(`${source} reads as ${code}`);
  const isMaintained = desk.notes(`d.${name}`).maintenance;
  return { quality: readings.get(name)?.quality ?? "never read", isMaintained };
}

/** What `name` is where the registers that it comes from hold `raws`. */
function workedOut(
  model: Model,
  name: string,
  spots: readonly Spot[],
  raws: readonly Raw[],
): Value | null {
  const derived = new DerivedPoints(model.config.derived, () => 1000);
  const now = { at: 0 as WallMs, uptime: 0 as UptimeMs };
  const all = spots.map((spot, i): Reading => {
    return { point: `d.${spot.name}`, value: raws[i] as Raw, quality: "good", ...now };
  });
  // What is derived comes behind, and may have something derived from it.
  for (const reading of all) all.push(...derived.after(reading));
  return byName(all).get(name)?.value ?? null;
}

/** Where the registers are that the point `name` comes from, be it by others. */
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
