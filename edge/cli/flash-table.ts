import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.ts";
import { PERSONAL_LIST } from "../provision/personal.ts";
import { sitesIn } from "../provision/sites.ts";
import { type GatewayFolder, gatewayIn } from "./flash-gateways.ts";
import { sayFlash } from "./flash-text.ts";
import type { Invocation } from "./invocation.ts";
import { makeBatch } from "./provision-batch.ts";
import { refuse } from "./refuse.ts";

/** The folder of a batch, and its gateways in the order of their labels. */
export type TableBatch = {
  readonly dir: string;
  readonly gateways: readonly GatewayFolder[];
};

/**
 * The batch of a table of sites: its folder made where a template is named, else the one that is
 * there. A number where it was told why there is none: the exit code. Throws `card.personal`.
 */
export async function batchOfTable(
  table: string,
  invocation: Invocation,
): Promise<TableBatch | number> {
  const dir = invocation.out ?? table.replace(/\.csv$/, "");
  if (invocation.template !== undefined) {
    const made = await makeBatch(table, { ...invocation, out: dir });
    if (typeof made === "number") return made;
  }
  let text: string;
  try {
    text = readFileSync(table, "utf8");
  } catch (cause) {
    throw new GatewayError("card.personal", `${table}: ${messageOf(cause)}`, { cause });
  }
  const { sites, faults } = sitesIn(text);
  const [fault] = faults;
  if (fault !== undefined) {
    const why = `${table}, line ${fault.line}: ${fault.text[invocation.lang]}`;
    throw new GatewayError("card.personal", why);
  }
  const unmade = sites.find(({ id }) => !existsSync(join(dir, id, PERSONAL_LIST)));
  if (unmade !== undefined) {
    const words = { dir, gateway: unmade.id };
    return refuse(sayFlash(invocation.lang, "notMade", words), invocation);
  }
  return { dir, gateways: sites.map(({ id }) => gatewayIn(join(dir, id))) };
}
