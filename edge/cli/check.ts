import { join } from "node:path";
import process from "node:process";
import { allPoints } from "../../config/gateway-config.ts";
import { configJsonSchema } from "../../config/json-schema.ts";
import { formatDuration } from "../../config/quantity.ts";
import { readConfig } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";
import { planBuses } from "../acquire/poll-plan.ts";
import { placeOnCard } from "../provision/card-config.ts";
import { whyNoCard } from "./card-folder.ts";
import { type Invocation, print } from "./invocation.ts";
import { outputRest } from "./output-rest.ts";
import { sayPlan } from "./plan-text.ts";
import { planView } from "./plan-view.ts";
import { refuse } from "./refuse.ts";
import { shareView } from "./share-view.ts";
import { say } from "./text.ts";
import { checkJson } from "./usable-config.ts";

/**
 * `lifeline check`: every problem of the configuration, or what a usable one comes to, how its
 * buses will run, and for how long its readings may wait for the time after a start. Exit code 1 also where a serial line cannot carry its plan.
 */
export function check(invocation: Invocation): number {
  const { config: named, card, lang, json, schema } = invocation;
  if (schema) {
    print(JSON.stringify(configJsonSchema(), null, 2));
    return 0;
  }
  const why = card === undefined ? null : whyNoCard(card, lang);
  if (why !== null) return refuse(why, invocation);
  const file = card === undefined ? named : join(card, "gateway.yaml");
  const result = readConfig(file, (name) => process.env[name], lang, placeOnCard(card));
  const { config, problems } = result;
  const plans = config === null ? [] : planBuses(config);
  const fits = plans.every(({ verdict }) => verdict !== "overloaded");
  if (json) {
    print(checkJson(file, result, plans));
    return config === null || !fits ? 1 : 0;
  }
  // The report ends with its own verdict.
  if (problems.length > 0) print(reportProblems(file, problems, lang).trimEnd());
  else if (fits) print(say(lang, "configOk", { file }));
  else print(sayPlan(lang, "refused", { file }));
  if (config === null) return 1;
  const counts = {
    points: allPoints(config).length,
    buses: config.buses.length,
    alarms: config.alarms.length,
    destinations: config.destinations.length,
  };
  print(say(lang, "configHolds", counts));
  const shares = shareView(config, lang);
  if (shares !== "") print(shares);
  if (plans.length > 0) print(`\n${planView(plans, lang)}`);
  for (const note of outputRest(config, lang)) print(`\n${note}`);
  const { holdUnsyncedMs } = config.buffer;
  if (counts.destinations > 0 && holdUnsyncedMs > 0) {
    print(`\n${say(lang, "holdsUnsynced", { hold: formatDuration(holdUnsyncedMs) })}`);
  }
  return fits ? 0 : 1;
}
