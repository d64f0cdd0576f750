import type { QueryOutcome } from "../../drivers/query.ts";
import type { Attuned, AttuneOrder } from "../acquire/attune.ts";
import type { FieldReading, Probed } from "../control/field-desk.ts";
import { GatewayError } from "../core/errors.ts";
import { isBitArea } from "../core/point.ts";
import type { Stranger } from "../doctor/bus-facts.ts";
import type { Facts } from "../doctor/facts.ts";
import type { PlaceFacts, Words } from "../doctor/point-facts.ts";
import {
  attuneTrials,
  type PlaceTrial,
  placeTrials,
  twinOf,
  type UnitTrial,
  unitTrials,
} from "../doctor/trials.ts";
import { callControl } from "../world/control-socket.ts";

/** How long the gateway may take for one question, and for a line at other settings. */
const ANSWER_MS = 30_000;
const ATTUNE_MS = 90_000;

/**
 * `facts` with what a few questions through the running gateway add to them: doubted places are
 * read, other units asked for what is silent, and dead lines tuned. Only reads are sent.
 */
export async function tryOut(facts: Facts, isDeep: boolean): Promise<Facts> {
  const { socket } = facts.config.control;
  const places: PlaceFacts[] = [];
  for (const trial of placeTrials(facts)) places.push(await lookAround(socket, trial));
  const strangers = new Map<string, readonly Stranger[]>();
  for (const trial of unitTrials(facts, isDeep)) {
    strangers.set(trial.bus, await searchUnits(socket, trial));
  }
  const heard = {
    ...facts,
    places,
    buses: facts.buses.map((bus) => ({ ...bus, strangers: strangers.get(bus.bus) ?? [] })),
  };
  const attuned = new Map<string, Attuned>();
  for (const order of attuneTrials(heard, isDeep)) {
    const came = await attune(socket, order);
    if (came !== null) attuned.set(order.bus, came);
  }
  const buses = heard.buses.map((bus) => ({ ...bus, attuned: attuned.get(bus.bus) ?? null }));
  return { ...heard, buses };
}

/** What stands at a place, one below, one above, and in the other area. */
async function lookAround(socket: string, trial: PlaceTrial): Promise<PlaceFacts> {
  const at = async (address: number, area = trial.area) =>
    address < 0 ? null : await wordsAt(socket, { ...trial, address, area });
  const { address, area } = trial;
  return {
    ...trial,
    here: await at(address),
    below: await at(address - 1),
    above: await at(address + 1),
    twin: await at(address, twinOf(area)),
  };
}

/** What stands at one place; null where it must not be read or the bus is gone. */
async function wordsAt(socket: string, place: PlaceTrial): Promise<Words | null> {
  const { bus, unit, area, address, count } = place;
  const type = isBitArea(area) ? "bool" : "uint16";
  const raw = { bus, unit, area, address, count, type };
  const readings = await tried(
    async () => (await callControl(socket, "read", { raw }, ANSWER_MS)) as readonly FieldReading[],
  );
  if (readings === null) return null;
  const failed = readings.find(({ quality }) => quality !== "good");
  if (failed !== undefined) {
    return { kind: "failure", reason: failed.quality.slice(failed.quality.indexOf(":") + 1) };
  }
  return { kind: "words", words: readings.map(({ value }) => Number(value)) };
}

/** The units that answer; the search ends with the first that tells what is asked. */
async function searchUnits(socket: string, trial: UnitTrial): Promise<readonly Stranger[]> {
  const { bus, device, query, units, timeoutMs } = trial;
  const found: Stranger[] = [];
  for (const unit of units) {
    const order = { bus, unit, query, timeoutMs };
    const probed = await tried(
      async () => (await callControl(socket, "probe", order, ANSWER_MS)) as Probed,
    );
    if (probed === null) break;
    if (probed.kind === "polled" || !isThere(probed)) continue;
    found.push({ device, unit, hasPlace: probed.kind === "answer" });
    if (probed.kind === "answer") break;
  }
  return found;
}

/** Whether somebody is there: 10 and 11 say that a gateway on the way found nobody (V1.1b3, 7). */
function isThere(outcome: QueryOutcome): boolean {
  if (outcome.kind === "answer") return true;
  return /^exception:(?!1[01]$)/.test(outcome.reason);
}

async function attune(socket: string, order: AttuneOrder): Promise<Attuned | null> {
  return await tried(
    async () => (await callControl(socket, "attune", order, ATTUNE_MS)) as Attuned,
  );
}

/** What `ask` gives; null where it was refused or the gateway went meanwhile. */
async function tried<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
