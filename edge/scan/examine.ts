import { textIn } from "../../drivers/modbus/query-codec.ts";
import type { IdentityObject, Query, QueryOutcome } from "../../drivers/query.ts";
import { GatewayError } from "../core/errors.ts";
import { type Model, namedModels, tellingPlaces, toldModels } from "./models.ts";
import type { AskUnit, UnitIdentity, UnitReport } from "./unit-report.ts";

/** How it is found out whether anybody is there. */
export type ProbeKind = keyof typeof PROBES;

/**
 * What is asked to find out whether anybody is there, one after the other until there is an answer,
 * be it a refusal.
 *
 * - `careful`: nothing that a device has is read. Function 43/14, which devices refuse that do not
 *   know it (Modbus Application Protocol V1.1b3, 6.21); then, for those that keep silent at what
 *   they do not know, the last holding register, which hardly any device has. Functions 17 and 8
 *   would find no others: who keeps silent at these two does at those
 * - `read`: holding register 0, half as long for units at which nobody is. It finds devices that
 *   keep silent at an address that they do not have; on some, reading it clears it
 */
export const PROBES = {
  careful: [
    { kind: "identification", from: 0 },
    { kind: "place", area: "holding", address: 65_535, count: 1 },
  ],
  read: [{ kind: "place", area: "holding", address: 0, count: 1 }],
} as const satisfies Record<string, readonly Query[]>;

/** A unit whose answers make no sense is asked so often. */
const TRIES = 3;

/** An identification that goes on is followed for so many parts. */
const PARTS_MAX = 4;

/** Exceptions by which a gateway on the way says that nobody is there (V1.1b3, 7). */
const NOBODY = ["exception:10", "exception:11"];

/** Finds out as `probe` says whether `unit` is there and, if so, what it is. Throws `link.closed`. */
export async function examine(
  unit: number,
  ask: AskUnit,
  models: readonly Model[],
  probe: ProbeKind,
): Promise<UnitReport> {
  const report: UnitReport = {
    unit,
    state: "absent",
    tookMs: null,
    identity: null,
    profiles: [],
    device: null,
    isEchoed: false,
    isNoisy: false,
  };
  let noises = 0;
  let isEchoed = false;
  const [first, ...queries] = PROBES[probe] as readonly [Query, ...Query[]];
  let query = first;
  for (let n = 0; n < TRIES; n++) {
    const probed = await ask(query);
    if (probed.kind === "polled") {
      const { device, isSilent } = probed;
      return { ...report, device, state: isSilent ? "silent" : "polled" };
    }
    isEchoed ||= probed.heard.isEchoed;
    const soFar = { ...report, isEchoed, isNoisy: noises > 0 };
    if (isAnswer(probed)) {
      const known = await identify(ask, models);
      return { ...soFar, ...known, state: "found", tookMs: probed.heard.tookMs };
    }
    if (isNoise(probed)) {
      noises++;
      continue;
    }
    const next = queries.shift();
    if (next === undefined) return { ...soFar, state: noises > 1 ? "garbled" : "absent" };
    query = next;
  }
  return { ...report, isEchoed, isNoisy: true, state: "garbled" };
}

/** Whether the unit has answered: only a device that is there refuses, or answers amiss. */
function isAnswer(outcome: QueryOutcome): boolean {
  if (outcome.kind === "answer") return true;
  const { reason } = outcome;
  if (reason === "link-closed") throw new GatewayError("link.closed", "the line is not open");
  return (reason.startsWith("exception:") && !NOBODY.includes(reason)) || reason === "malformed";
}

/** Whether bytes came that are neither an answer nor another unit's frame. */
function isNoise(outcome: QueryOutcome): boolean {
  const isRefused = outcome.kind === "failure" && outcome.reason.startsWith("exception:");
  return !isRefused && outcome.heard.bytes > 0 && outcome.heard.others.length === 0;
}

type Known = Pick<UnitReport, "identity" | "profiles">;

/** Asks who the unit is: by function 43/14, else 17; then by what the profiles know. */
async function identify(ask: AskUnit, models: readonly Model[]): Promise<Known> {
  const identity = (await identification(ask)) ?? (await serverId(ask));
  const named = identity === null ? [] : namedModels(identity, models);
  if (named.length > 0) return { identity, profiles: named };
  const told: string[] = [];
  for (const place of tellingPlaces(identity, models)) {
    const probed = await ask(place.query);
    if (probed.kind === "answer") told.push(...toldModels(place, probed.answer));
    // One that does not answer what it does not know costs a time-out for each question.
    if (probed.kind === "failure" && probed.reason === "timeout") break;
  }
  return { identity, profiles: told };
}

async function identification(ask: AskUnit): Promise<UnitIdentity | null> {
  const objects: IdentityObject[] = [];
  let from: number | null = 0;
  for (let part = 0; part < PARTS_MAX && from !== null; part++) {
    const probed = await ask({ kind: "identification", from });
    if (probed.kind !== "answer" || probed.answer.kind !== "identification") break;
    const { next } = probed.answer;
    objects.push(...probed.answer.objects);
    from = next !== null && next > from ? next : null;
  }
  const textOf = (id: number) => objects.find((each) => each.id === id)?.text || null;
  const [vendor, product, revision] = [textOf(0), textOf(1), textOf(2)];
  if (vendor === null && product === null) return null;
  return { vendor, product, revision, serverId: null };
}

async function serverId(ask: AskUnit): Promise<UnitIdentity | null> {
  const probed = await ask({ kind: "server-id" });
  if (probed.kind !== "answer" || probed.answer.kind !== "server-id") return null;
  const id = readable(Uint8Array.from(probed.answer.id));
  return id === "" ? null : { vendor: null, product: null, revision: null, serverId: id };
}

/** The bytes as text where they hold one; else as hexadecimal digits. */
function readable(bytes: Uint8Array): string {
  const text = textIn(bytes);
  return /[\p{L}\p{N}]{2}/u.test(text) ? text : Buffer.from(bytes).toString("hex").toUpperCase();
}
