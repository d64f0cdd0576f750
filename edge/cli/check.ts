import process from "node:process";
import { jsonSchema } from "../../config/json-schema.ts";
import type { Problem } from "../../config/problems.ts";
import { readConfig } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";
import { toJson } from "../core/json.ts";
import { type Invocation, print } from "./invocation.ts";
import { say } from "./text.ts";

/** `lifeline check`: every problem of the configuration, or what a usable one comes to. */
export function check({ config: file, lang, json, schema }: Invocation): number {
  if (schema) {
    print(JSON.stringify(jsonSchema(), null, 2));
    return 0;
  }
  const { config, problems } = readConfig(file, (name) => process.env[name]);
  if (json) {
    print(toJson({ file, ok: config !== null, problems: problems.map((one) => plain(one)) }));
    return config === null ? 1 : 0;
  }
  if (problems.length > 0) print(reportProblems(file, problems, lang).trimEnd());
  if (config === null) return 1;
  const counts = {
    points: config.points.length,
    buses: config.buses.length,
    alarms: config.alarms.length,
    destinations: config.destinations.length,
  };
  print(say(lang, "configOk", { file, ...counts }));
  return 0;
}

function plain({ severity, code, line, column, path, message }: Problem) {
  return { severity, code, line, column, path, message };
}
