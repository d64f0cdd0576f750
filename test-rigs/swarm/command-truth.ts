import type { Delivery } from "../sim/broker.ts";
import { topicOf } from "../sim/received.ts";
import type { CommandTruth } from "./commands.ts";
import type { Evidence } from "./invariants.ts";
import { writtenTo } from "./written.ts";

/** What is looked at of a result. */
type Result = {
  readonly id?: string;
  readonly stage?: string;
  readonly outcome: string;
  readonly code?: string;
};

/**
 * A command that acted though it must not, or twice, or after a later one; or one that acted and was
 * never answered, or otherwise than what it did.
 */
export function findWrongCommand(evidence: Evidence): string | null {
  const { point, sent, lastGood } = evidence.commands;
  const written = evidence.truths
    .flatMap(({ requests }) => requests)
    .flatMap((request) => {
      const value = writtenTo(evidence.config, point, request);
      return value === null ? [] : [{ value: Number(value), at: request.at }];
    })
    .toSorted((one, other) => one.at - other.at);
  const results = resultsOf(evidence);
  if (typeof results === "string") return results;
  let last = 0;
  for (const { value, at } of written) {
    const command = sent.find((each) => each.value === value);
    if (command === undefined) return `${value} was written at ${at}, which nobody ordered`;
    const why = wrongWrite(command, at, last) ?? wrongAnswer(command, results);
    if (why !== null) return why;
    last = value;
  }
  const values = new Set(written.map(({ value }) => value));
  const undone = sent.find(({ id, value }) => {
    return results.get(id)?.outcome === "done" && !values.has(value);
  });
  if (undone !== undefined) return `${undone.id} is said to be done, and was not sent`;
  const isAnswered = lastGood === null || results.has(lastGood.id);
  return isAnswered ? null : `${lastGood.id}, sent when all was calm, was never answered`;
}

function wrongWrite(command: CommandTruth, at: number, last: number): string | null {
  const { id, value, isGood, sentAt } = command;
  if (!isGood) return `${id} was carried out at ${at}`;
  if (at < sentAt) return `${id} was carried out at ${at} and sent at ${sentAt}`;
  return value > last ? null : `${id} was carried out at ${at}, after that of ${last}`;
}

function wrongAnswer({ id }: CommandTruth, results: ReadonlyMap<string, Result>): string | null {
  const outcome = results.get(id)?.outcome;
  if (outcome === undefined) return `${id} was carried out, and never answered`;
  return outcome === "refused" ? `${id} was carried out, and is said to be refused` : null;
}

/** The result of each command by its id; or which came with other bytes than before. */
function resultsOf({ received, diskFull }: Evidence): ReadonlyMap<string, Result> | string {
  const firsts = new Map<string, Delivery>();
  for (const delivery of received.filter((each) => topicOf(each) === "results")) {
    const { id, stage, code } = JSON.parse(delivery.payload) as Result;
    // What an order was accepted as, and what it came to, are two.
    if (id === undefined || stage === "accepted") continue;
    // That nothing could be stored is not remembered either: given again, it is judged anew.
    if (code === "command.not-stored") continue;
    const first = firsts.get(id) ?? delivery;
    // What a disk did not take for long is told all the same, and forgotten by a power cut.
    const isForgotten = code === "command.interrupted" && wasFull(diskFull, first.uptime);
    if (first.payload !== delivery.payload && !isForgotten) {
      return `the result of ${id} came as\n${first.payload}\nand as\n${delivery.payload}`;
    }
    firsts.set(id, first);
  }
  return new Map(Array.from(firsts, ([id, { payload }]) => [id, JSON.parse(payload) as Result]));
}

function wasFull(diskFull: Evidence["diskFull"], at: number): boolean {
  return diskFull.some(({ from, to }) => from <= at && at <= (to ?? Infinity));
}
