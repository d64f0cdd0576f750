import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { LoadResult } from "../../config/load.ts";
import { reportProblems } from "../../config/report.ts";
import type { BusPlan } from "../acquire/poll-plan.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { World } from "../world.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { planJson } from "./json/plan-json.ts";
import { sharesOf } from "./share-view.ts";

/**
 * The configuration that the command was called with; null, with everything that is wrong told, when it cannot be used.
 * Throws `GatewayError` `config.unreadable`.
 */
export async function usableConfig({
  config: file,
  lang,
  json,
}: Invocation): Promise<GatewayConfig | null> {
  const { readConfig } = await import("../../config/read.ts");
  const result = readConfig(file, (name) => process.env[name], lang);
  if (result.config === null) {
    if (json) print(checkJson(file, result));
    else tell(file, result, lang);
  }
  return result.config;
}

/** What `check --json` prints of the configuration in `file`, and of the plans of its buses. */
export function checkJson(
  file: string,
  { config, problems }: LoadResult,
  plans: readonly BusPlan[] = [],
): string {
  const told = problems.map(({ severity, code, line, column, path, message, file: profile }) => {
    return { severity, code, file: profile ?? file, line, column, path, message };
  });
  const ok = config !== null && plans.every(({ verdict }) => verdict !== "overloaded");
  const destinations = config === null ? [] : sharesOf(config);
  return toJson({ file, ok, problems: told, buses: planJson(plans), destinations });
}

/**
 * The configuration in `result`, what was read of `file`, for a process that runs long: warnings are
 * told too. Null where it cannot be used. What is told goes to `log`, one line a problem, where there
 * is one for programs.
 */
export function configToRun(
  file: string,
  result: LoadResult,
  lang: Lang,
  log: Pick<World, "log"> | null,
): GatewayConfig | null {
  if (log === null && result.problems.length > 0) tell(file, result, lang);
  for (const problem of log === null ? [] : result.problems) {
    const { severity, code, file: profile = file, line, column, path, message } = problem;
    const level = severity === "error" ? "error" : "warn";
    log?.log(level, message[lang], { code, file: profile, line, column, path });
  }
  return result.config;
}

function tell(file: string, { problems }: LoadResult, lang: Lang): void {
  complain(reportProblems(file, problems, lang).trimEnd());
}
