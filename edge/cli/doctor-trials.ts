import type { QueryOutcome } from "../../drivers/query.ts";
import type { Attuned, AttuneOrder } from "../acquire/attune.ts";
import type { FieldReading } from "../control/field-desk.ts";
import { GatewayError } from "../core/errors.ts";
import { isBitArea } from "../core/point.ts";
import type { Clock } from "../core/time.ts";
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
import { wayThroughGateway } from "./reach-line.ts";

/** How long the gateway may take for one question, and for a line at other settings. */
const ANSWER_MS = 30_000;
const ATTUNE_MS = 90_000;

/**
 * `facts` with what a few questions through the running gateway add to them: doubted places are
 * read, other units asked for what is silent, and dead lines tuned. Only reads are sent.
 */
export async function tryOut(facts: Facts, isDeep: boolean, clock: Clock): Promise<Facts> {
  const { socket } = facts.config.control;
  const places = await eachBus(placeTrials(facts), (trial) => lookAround(socket, trial));
  const searched = await eachBus(unitTrials(facts, isDeep), async (trial) => {
    return [trial.bus, await searchUnits(facts.config, trial, clock)] as const;
  });
  const strangers = new Map(searched);
  const heard = {
    ...facts,
    places,
    buses: facts.buses.map((bus) => ({ ...bus, strangers: strangers.get(bus.bus) ?? [] })),
  };
  const tuned = await eachBus(attuneTrials(heard, isDeep), async (order) => {
    return [order.bus, await attune(socket, order, clock)] as const;
  });
  const attuned = new Map(tuned);
  const buses = heard.buses.map((bus) => ({ ...bus, attuned: attuned.get(bus.bus) ?? null }));
  return { ...heard, buses };
}

/** Tries all on different buses at once, those on one bus one after the other. */
async function eachBus<Trial extends { readonly bus: string }, T>(
  trials: readonly Trial[],
  attempt: (trial: Trial) => Promise<T>,
): Promise<readonly T[]> {
  const byBus = [...Map.groupBy(trials, ({ bus }) => bus).values()];
  const came: T[] = [];
  for (let i = 0; i < byBus.length; i += BUSES_AT_ONCE) {
    const some = byBus.slice(i, i + BUSES_AT_ONCE).map(async (own) => {
      for (const trial of own) came.push(await attempt(trial));
    });
    await Promise.all(some);
  }
  return came;
}

/** The gateway serves few callers at a time. */
const BUSES_AT_ONCE = 6;

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
async function searchUnits(
  { control }: Facts["config"],
  trial: UnitTrial,
  clock: Clock,
): Promise<readonly Stranger[]> {
  const { bus, device, query, units, timeoutMs } = trial;
  const way = wayThroughGateway({ control }, bus, clock);
  const found: Stranger[] = [];
  for (const unit of units) {
    const probed = await tried(() => way.probe(unit, query, timeoutMs));
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

/** A gateway whose devices are all silent opens the line anew now and then: that is waited for. */
async function attune(socket: string, order: AttuneOrder, clock: Clock): Promise<Attuned | null> {
  for (let n = 0; n < LENT_WITHIN.tries; n++) {
    const came = await tried(async () => {
      try {
        return (await callControl(socket, "attune", order, ATTUNE_MS)) as Attuned;
      } catch (error) {
        if (error instanceof GatewayError && error.code === "bus.busy") return "busy" as const;
        throw error;
      }
    });
    if (came !== "busy") return came;
    await clock.sleep(LENT_WITHIN.pauseMs);
  }
  return null;
}

/** So often, and so long after each other in milliseconds, a line is asked for that is not open. */
const LENT_WITHIN = { tries: 20, pauseMs: 1000 };

/** What `ask` gives; null where it was refused or the gateway went meanwhile. */
async function tried<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
