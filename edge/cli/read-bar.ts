import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { AddressRange } from "../../drivers/driver.ts";
import { clearedBy, forbiddenIn } from "../control/cleared.ts";
import type { Lang } from "../core/errors.ts";
import { sayField } from "./field-text.ts";

/** Why `range` of a unit must not be read by address, as a sentence, or null. */
export function readBarSentence(
  config: GatewayConfig,
  place: { readonly bus: string; readonly unit: number },
  range: AddressRange,
  lang: Lang,
): string | null {
  const forbidden = forbiddenIn(config, place, range);
  if (forbidden !== null) {
    const { area, address: first, count } = forbidden;
    return sayField(lang, "forbids", { area, first, last: first + count - 1 });
  }
  const point = clearedBy(config, place, range);
  return point === null ? null : sayField(lang, "clears", { point });
}
