import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Lang } from "../core/errors.ts";
import { sayInterlock } from "./interlock-text.ts";

/** What the outputs of interlocks do while no gateway tells them, where no device sees to that. */
export function outputRest(
  { interlocks, boards }: Pick<GatewayConfig, "interlocks" | "boards">,
  lang: Lang,
): readonly string[] {
  const points = new Map(boards.flatMap(({ points }) => points.map((each) => [each.id, each])));
  return (["restsOnBoard", "restsOnLine"] as const).flatMap((key) => {
    const kind = key === "restsOnBoard" ? "output" : "line-output";
    const own = interlocks.filter(({ write }) => points.get(write)?.input.kind === kind);
    const names = own.map(({ name }) => name).join(lang === "en" ? ", " : "、");
    return own.length === 0 ? [] : sayInterlock(lang, key, { interlocks: names });
  });
}
