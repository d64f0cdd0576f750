import process from "node:process";
import { allPoints } from "../../config/gateway-config.ts";
import { configJsonSchema } from "../../config/json-schema.ts";
import { readConfig } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";
import { type Invocation, print } from "./invocation.ts";
import { say } from "./text.ts";
import { checkJson } from "./usable-config.ts";

/** `lifeline check`: every problem of the configuration, or what a usable one comes to. */
export function check({ config: file, lang, json, schema }: Invocation): number {
  if (schema) {
    print(JSON.stringify(configJsonSchema(), null, 2));
    return 0;
  }
  const result = readConfig(file, (name) => process.env[name], lang);
  const { config, problems } = result;
  if (json) {
    print(checkJson(file, result));
    return config === null ? 1 : 0;
  }
  // The report ends with its own verdict.
  if (problems.length > 0) print(reportProblems(file, problems, lang).trimEnd());
  else print(say(lang, "configOk", { file }));
  if (config === null) return 1;
  const counts = {
    points: allPoints(config).length,
    buses: config.buses.length,
    alarms: config.alarms.length,
    destinations: config.destinations.length,
  };
  print(say(lang, "configHolds", counts));
  return 0;
}
