import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readConfig } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";
import type { Lang } from "../core/errors.ts";
import { complain } from "./invocation.ts";

/**
 * The configuration in `file`; null, with everything that is wrong told, when it cannot be used.
 * Warnings are told only when `withWarnings` is set. Throws `GatewayError` `config.unreadable`.
 */
export function usableConfig(
  file: string,
  lang: Lang,
  { withWarnings = false } = {},
): GatewayConfig | null {
  const { config, problems } = readConfig(file, (name) => process.env[name]);
  const told = config === null || withWarnings ? problems : [];
  if (told.length > 0) complain(reportProblems(file, told, lang).trimEnd());
  return config;
}
