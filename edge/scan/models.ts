import type { Identity, IdentityPlace } from "../../config/identity.ts";
import { readBit, readRegisters } from "../../drivers/modbus/value.ts";
import type { Query, QueryAnswer } from "../../drivers/query.ts";
import { isBitArea, widthOf } from "../core/point.ts";
import type { Value } from "../core/reading.ts";
import type { UnitIdentity } from "./unit-report.ts";

/** A device model: the name of its profile, and how it is known. */
export type Model = { readonly name: string; readonly identity: Identity };

/** The models that `identity` names; those that ask for a register besides are not among them. */
export function namedModels(identity: UnitIdentity, models: readonly Model[]): readonly string[] {
  return models
    .filter(({ identity: known }) => known.place === null && isNamed(known, identity))
    .map(({ name }) => name);
}

/** Whether the names that a model asks for, if any, are those of `identity`. */
function isNamed({ names }: Identity, identity: UnitIdentity | null): boolean {
  if (names === null) return true;
  const { vendor, product } = names;
  return (
    holds(identity?.vendor ?? identity?.serverId, vendor) &&
    holds(identity?.product ?? identity?.serverId, product)
  );
}

function holds(text: string | null | undefined, part: string | null): boolean {
  if (part === null) return true;
  return text?.toLowerCase().includes(part.toLowerCase()) ?? false;
}

/** A place that tells models, and the models that it may tell. */
export type TellingPlace = { readonly query: Query; readonly models: readonly Model[] };

/** The places that are worth reading in a device that said `identity`, each once. */
export function tellingPlaces(
  identity: UnitIdentity | null,
  models: readonly Model[],
): readonly TellingPlace[] {
  const places = models.flatMap((model) => {
    const { place } = model.identity;
    if (place === null || !isNamed(model.identity, identity)) return [];
    const { area, address } = place;
    return { query: { kind: "place", area, address, count: countOf(place) } as const, model };
  });
  const byQuery = Map.groupBy(places, ({ query }) => JSON.stringify(query));
  return [...byQuery.values()].map((alike) => ({
    query: (alike[0] as (typeof alike)[number]).query,
    models: alike.map(({ model }) => model),
  }));
}

function countOf({ area, type, length }: IdentityPlace): number {
  return isBitArea(area) ? 1 : widthOf(type, length);
}

/** The models of `place` whose values are what `answer` holds. */
export function toldModels({ models }: TellingPlace, answer: QueryAnswer): readonly string[] {
  return models
    .filter(({ identity: { place } }) => place !== null && isTold(place, answer))
    .map(({ name }) => name);
}

function isTold(place: IdentityPlace, answer: QueryAnswer): boolean {
  const value = valueIn(place, answer);
  return value !== null && place.values.some((each) => isSame(value, each, place.mask));
}

function valueIn(place: IdentityPlace, answer: QueryAnswer): Value | null {
  const point = { ...place, id: "identity", scale: 1, offset: 0, everyMs: 1000 };
  if (answer.kind === "bits") return readBit(point, answer.bits[0] === true).value;
  return answer.kind === "registers" ? readRegisters(point, answer.registers).value : null;
}

function isSame(value: Value, wanted: number | string, mask: number | null): boolean {
  if (typeof value === "string") return value.trim() === String(wanted).trim();
  if (typeof wanted === "string") return false;
  if (mask === null || !Number.isInteger(Number(value))) return Number(value) === wanted;
  return (BigInt(value) & BigInt(mask)) === BigInt(wanted);
}
