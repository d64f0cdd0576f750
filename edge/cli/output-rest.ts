import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Lang } from "../core/errors.ts";
import { sayInterlock } from "./interlock-text.ts";

/** What the outputs of interlocks do while no gateway tells them, where no device sees to that. */
export function outputRest(
  { interlocks, boards }: Pick<GatewayConfig, "interlocks" | "boards">,
  lang: Lang,
): readonly string[] {
  const pins = new Set(boards.flatMap(({ points }) => points.map(({ id }) => id)));
  const names = interlocks.filter(({ write }) => pins.has(write)).map(({ name }) => name);
  if (names.length === 0) return [];
  const separator = lang === "en" ? ", " : "、";
  return [sayInterlock(lang, "restsOnBoard", { interlocks: names.join(separator) })];
}
