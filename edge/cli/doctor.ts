import { toJson } from "../core/json.ts";
import { diagnose } from "../doctor/rules.ts";
import { SystemClock } from "../world/clock.ts";
import { gatherFacts } from "./doctor-gather.ts";
import { doctorJson, doctorView } from "./doctor-view.ts";
import { type Invocation, print } from "./invocation.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline doctor`: what is wrong, by what it is seen, and what to do; 1 where something is. */
export async function doctor(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const depth = { isDeep: invocation.deep === true, isQuick: invocation.quick === true };
  const facts = await gatherFacts(config, invocation.config, new SystemClock(), depth);
  const told = diagnose(facts);
  if (json) print(toJson(doctorJson(facts, told, lang)));
  else for (const line of doctorView(facts, told, lang)) print(line);
  return told.length === 0 ? 0 : 1;
}
