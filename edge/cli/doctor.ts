import process from "node:process";
import { toJson } from "../core/json.ts";
import { configFindings } from "../doctor/config-findings.ts";
import type { Told } from "../doctor/finding.ts";
import { cardFindings } from "../doctor/identity-rules.ts";
import { diagnose } from "../doctor/rules.ts";
import { SystemClock } from "../world/clock.ts";
import { firstBootOf } from "../world/first-boot-notes.ts";
import { gatherFacts } from "./doctor-gather.ts";
import { doctorJson, doctorView, type Examination } from "./doctor-view.ts";
import { type Invocation, print } from "./invocation.ts";

/** Where the gateway of an image keeps what is its own (ota/image). */
const STATE = "/var/lib/lifeline";

/** `lifeline doctor`: what is wrong, by what it is seen, and what to do; 1 where something is. */
export async function doctor(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const { examination, told } = await examine(invocation);
  if (json) print(toJson(doctorJson(examination, told, lang)));
  else for (const line of doctorView(examination, told, lang)) print(line);
  return told.length === 0 ? 0 : 1;
}

type Result = { readonly examination: Examination; readonly told: readonly Told[] };

/** Where the configuration cannot be used that is all there is to tell: it says where all else is. */
async function examine(invocation: Invocation): Promise<Result> {
  const { config: file, lang } = invocation;
  const { readConfig } = await import("../../config/read.ts");
  const { config, problems } = readConfig(file, (name) => process.env[name], lang);
  if (config !== null) {
    const depth = { isDeep: invocation.deep === true, isQuick: invocation.quick === true };
    const facts = await gatherFacts(config, file, new SystemClock(), depth);
    return { examination: facts, told: diagnose(facts) };
  }
  // Where there is no configuration the card may tell why: what it brought was refused, or nothing.
  const card = firstBootOf(STATE);
  const found = [...(card === null ? [] : cardFindings(card)), ...configFindings(problems, lang)];
  const told = found.map((finding) => ({ ...finding, folded: [] }));
  const examination = { at: null, unasked: null, machine: null, config: { gateway: { id: file } } };
  return { examination, told };
}
