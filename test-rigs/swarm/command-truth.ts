import { topicOf } from "../sim/received.ts";
import type { CommandTruth } from "./commands.ts";
import type { Evidence } from "./invariants.ts";
import { writtenTo } from "./written.ts";

/** What is looked at of a result. */
type Result = { readonly id?: string; readonly stage?: string; readonly outcome: string };

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
function resultsOf({ received }: Evidence): ReadonlyMap<string, Result> | string {
  const texts = new Map<string, string>();
  for (const delivery of received.filter((each) => topicOf(each) === "results")) {
    const { id, stage } = JSON.parse(delivery.payload) as Result;
    // What an order was accepted as, and what it came to, are two.
    if (id === undefined || stage === "accepted") continue;
    const before = texts.get(id) ?? delivery.payload;
    if (before !== delivery.payload) {
      return `the result of ${id} came as\n${before}\nand as\n${delivery.payload}`;
    }
    texts.set(id, delivery.payload);
  }
  return new Map(Array.from(texts, ([id, text]) => [id, JSON.parse(text) as Result]));
}
