import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Liquid } from "liquidjs";
import { parse } from "yaml";
import { parseDurationMs } from "../../config/quantity.ts";
import { messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { WallMs } from "../core/time.ts";
import { printed } from "../papers/paper.ts";
import { faultsOfCard } from "../provision/card-config.ts";
import { claimLine, markOf, newClaim } from "../provision/claim.ts";
import { labelSheet, type Provisioned } from "../provision/labels.ts";
import {
  isPersonalFile,
  PERSONAL_LIST,
  type PersonalFile,
  personalList,
} from "../provision/personal.ts";
import { type Site, sitesIn } from "../provision/sites.ts";
import { SystemClock } from "../world/clock.ts";
import { writeDurably } from "../world/durable-file.ts";
import { fileTrouble } from "./file-trouble.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayProvision } from "./provision-text.ts";
import { refuse } from "./refuse.ts";

/** A batch may lie in a store for a while before it is mounted. */
const USUAL_LIFE = "90d";
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A batch that was made: until when its claims are good, in Unix milliseconds, and whose they are. */
export type MadeBatch = { readonly expires: number; readonly gateways: readonly Provisioned[] };

/**
 * `lifeline provision batch SITES.csv --template FILE --out DIR`: makes a batch, and tells of it.
 */
export async function batch(file: string, invocation: Invocation): Promise<number> {
  const { lang, out } = invocation;
  const made = await makeBatch(file, invocation);
  if (typeof made === "number") return made;
  if (invocation.json) print(toJson({ dir: out, ...made }));
  else {
    print(sayProvision(lang, "batchMade", { count: made.gateways.length, dir: `${out}` }));
    print(`  ${sayProvision(lang, "batchFiles")}`);
  }
  return 0;
}

/**
 * Makes of each site a folder with its configuration and its claim, as a card carries them, and for
 * all of them labels and what the enrolment server is given. In a folder of before it goes on: a claim
 * that is there stays. A number where it was told what is wrong: the exit code.
 */
export async function makeBatch(file: string, invocation: Invocation): Promise<MadeBatch | number> {
  const { lang, template, out, for: life = USUAL_LIFE } = invocation;
  if (template === undefined || out === undefined) {
    return misuse(sayProvision(lang, "usage"), invocation);
  }
  const lifeMs = parseDurationMs(life);
  if (!(lifeMs >= HOUR_MS && lifeMs <= 3650 * DAY_MS)) {
    return misuse(sayProvision(lang, "badFor"), invocation);
  }
  const common = commonOf(invocation);
  if (typeof common === "string") return refuse(common, invocation);
  const made = configurationsOf({ file, template, common }, invocation);
  if (typeof made === "string") return refuse(made, invocation);
  const now = new SystemClock().now();
  const expires = now + lifeMs;
  try {
    const gateways = made.map((each) => provisioned(out, each, common));
    const sheet = await printed(labelSheet(gateways, lang, now as WallMs));
    writeFileSync(join(out, "labels.pdf"), sheet);
    const lines = gateways.map((each) => claimLine(each.id, each, expires));
    writeDurably(join(out, "claims.jsonl"), lines.join(""), 0o600);
    return { expires, gateways };
  } catch (error) {
    const why = fileTrouble(error, lang);
    return refuse(sayProvision(lang, "unwritten", { file: out, why }), invocation);
  }
}

/** The table, the form, and what every card gets. */
type BatchParts = { readonly file: string; readonly template: string; readonly common: Common };

/** `hardware`: of which class the site's board is; null where neither table nor configuration says. */
type Made = { readonly site: Site; readonly yaml: string; readonly hardware: string | null };

/** The configuration of every site, before anything is written; or why there is none. */
function configurationsOf(
  { file, template, common }: BatchParts,
  { lang, json }: Invocation,
): readonly Made[] | string {
  const texts: string[] = [];
  for (const each of [file, template]) {
    try {
      texts.push(readFileSync(each, "utf8"));
    } catch (error) {
      return sayProvision(lang, "unreadable", { file: each, why: fileTrouble(error, lang) });
    }
  }
  const [table = "", form = ""] = texts;
  const { sites, faults } = sitesIn(table);
  const told = faults.map(({ line, text }) =>
    sayProvision(lang, "siteFault", { file, line, what: text[lang] }),
  );
  const [first, ...others] = told;
  if (first !== undefined) {
    if (!json) for (const other of others) complain(other);
    return first;
  }
  // A column that is not there is a mistake, not an empty text.
  const liquid = new Liquid({ strictVariables: true, strictFilters: true });
  const made: Made[] = [];
  for (const site of sites) {
    const bad = (why: string) =>
      sayProvision(lang, "badTemplate", { file: template, gateway: site.id, why });
    try {
      const yaml: string = liquid.parseAndRenderSync(form, site.columns);
      const { gateway, update } = parse(yaml) ?? {};
      const id = String(gateway?.id);
      if (id !== site.id) return bad(sayProvision(lang, "otherId", { id }));
      const [fault] = faultsOfCard(yaml, common);
      if (fault !== undefined) return bad(`${fault.path}: ${fault.message[lang]}`);
      const inTable = site.columns.hardware || null;
      const inForm = update?.hardware === undefined ? null : String(update.hardware);
      if (inTable !== null && inForm !== null && inTable !== inForm) {
        return bad(sayProvision(lang, "otherHardware", { table: inTable, form: inForm }));
      }
      made.push({ site, yaml, hardware: inTable ?? inForm });
    } catch (error) {
      return bad(messageOf(error));
    }
  }
  return made;
}

/** Of what every card gets, the text by name. */
type Common = Readonly<Partial<Record<PersonalFile, string>>>;

/** What every card gets; or why that cannot be. */
function commonOf({ lang, common }: Invocation): Common | string {
  if (common === undefined) return {};
  const files: Partial<Record<PersonalFile, string>> = {};
  try {
    for (const name of readdirSync(common)) {
      const file = join(common, name);
      if (!isPersonalFile(name) || name === "gateway.yaml" || name === "claim") {
        return sayProvision(lang, "notCommon", { file });
      }
      files[name] = readFileSync(file, "utf8");
    }
  } catch (error) {
    return sayProvision(lang, "unreadable", { file: common, why: fileTrouble(error, lang) });
  }
  return files;
}

function provisioned(
  out: string,
  { site: { id, columns }, yaml, hardware }: Made,
  common: Common,
): Provisioned {
  const folder = join(out, id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "claim");
  if (!existsSync(file)) writeDurably(file, `${newClaim()}\n`, 0o600);
  const claim = readFileSync(file, "utf8");
  writeDurably(join(folder, "gateway.yaml"), yaml, 0o600);
  for (const [name, text] of Object.entries(common)) {
    writeDurably(join(folder, name), text, 0o600);
  }
  const list = personalList(id, { ...common, "gateway.yaml": yaml, claim }, hardware);
  writeDurably(join(folder, PERSONAL_LIST), list, 0o600);
  return { id, name: columns.name ?? "", ...markOf(claim.trim()) };
}
