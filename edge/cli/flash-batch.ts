import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileOnCard } from "../../ota/flash/card-file.ts";
import { PERSONAL_LIST, personalListIn } from "../provision/personal.ts";
import { lineFor } from "../world/confirm.ts";
import { CardLedger } from "./flash-cards.ts";
import { type GatewayFolder, gatewaysOf } from "./flash-gateways.ts";
import { type CardJob, hashOfImage, writeOne } from "./flash-one.ts";
import { batchOfTable } from "./flash-table.ts";
import { sayFlash } from "./flash-text.ts";
import { complain, fail, type Invocation } from "./invocation.ts";

/** Many cards: one after the other in `path`, or files in the folder that the call names. */
export type BatchJob = {
  readonly image: string;
  readonly batch: string;
  readonly path: string | undefined;
  readonly signal: AbortSignal;
  readonly invocation: Invocation;
};

/**
 * `lifeline flash IMAGE --batch …`: the cards that `cards.jsonl` of the batch does not have of this
 * image, in the order of the labels. 0 when all of them are written.
 */
export async function flashBatch(job: BatchJob): Promise<number> {
  const { image, batch, invocation } = job;
  const { lang, force } = invocation;
  const table = batch.endsWith(".csv") ? await batchOfTable(batch, invocation) : null;
  if (typeof table === "number") return table;
  const dir = table?.dir ?? batch;
  const gateways = table?.gateways ?? gatewaysOf(dir);
  const ledger = new CardLedger(dir);
  const hash = await hashOfImage(image);
  const all = gateways.length;
  const isDone = ({ id }: GatewayFolder) => ledger.cardOf(id)?.image === hash;
  const todo = force === true ? gateways : gateways.filter((each) => !isDone(each));
  const count = all - todo.length;
  if (count > 0) {
    complain(sayFlash(lang, "already", { count, all, file: join(dir, "cards.jsonl") }));
  }
  const left = new Set(todo.map(({ id }) => id));
  for (const [i, gateway] of todo.entries()) {
    const made = await card({ ...job, gateway, ledger, n: count + i + 1, all });
    if (made === "left") break;
    if (made === "written") left.delete(gateway.id);
  }
  if (left.size === 0) complain(sayFlash(lang, "batchDone", { all }));
  else {
    const words = { count: all - left.size, all, left: [...left].join(", ") };
    complain(sayFlash(lang, "batchLeft", words));
  }
  return left.size === 0 ? 0 : 1;
}

type Next = BatchJob & {
  readonly gateway: GatewayFolder;
  readonly ledger: CardLedger;
  readonly n: number;
  readonly all: number;
};

/** The card of one gateway, tried until it is whole or the person wants something else. */
async function card(next: Next): Promise<"written" | "skipped" | "left"> {
  const { path, gateway, ledger, n, all, invocation } = next;
  const { lang, images } = invocation;
  if (images !== undefined) {
    mkdirSync(images, { recursive: true });
    return (await written(next, join(images, `${gateway.id}.img`))) ? "written" : "left";
  }
  const slot = `${path}`;
  while (!next.signal.aborted) {
    const words = { n, all, gateway: gateway.id, path: slot };
    const answer = (await lineFor(sayFlash(lang, "next", words)))?.trim();
    if (answer === undefined || answer === "q") return "left";
    if (answer === "s") return "skipped";
    const owner = ownerOf(slot);
    const isOthers = owner !== null && owner !== gateway.id && ledger.cardOf(owner) !== undefined;
    if (isOthers && invocation.force !== true) {
      complain(sayFlash(lang, "sameCard", { path: slot, gateway: owner }));
    } else if (await written(next, slot)) return "written";
  }
  return "left";
}

/** Whether the card was written; what is wrong with it is told, and ends nothing. */
async function written(next: Next, path: string): Promise<boolean> {
  const { image, gateway, ledger, signal, invocation } = next;
  const before = ledger.newest;
  const onWritten: CardJob["onWritten"] = (record) =>
    ledger.add({ ...record, gateway: gateway.id });
  try {
    const job = { image, path, gateway, signal, invocation, before, onWritten };
    return (await writeOne(job)) === 0;
  } catch (error) {
    fail(error, invocation);
    return false;
  }
}

/** Whose card is in `path`; null where it is nobody's. */
function ownerOf(path: string): string | null {
  const list = personalListIn(fileOnCard(path, PERSONAL_LIST) ?? "");
  return typeof list === "string" ? null : list.gateway;
}
