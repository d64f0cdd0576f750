import type { Decimal, TalkPoint, TextForm } from "../../edge/core/talker.ts";
import { bad, good, type Judged, number } from "../decode.ts";

const PATTERN = {
  point: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/,
  comma: /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d{1,3})?$/,
} as const;

/**
 * What the text `written` means to a point. A number with anything but its own suffix behind it is
 * none: a letter or a sign there is how devices mark values that are not valid.
 */
export function readText(
  written: string,
  form: TextForm,
  point: Pick<TalkPoint, "scale" | "offset" | "sentinels">,
  decimal: Decimal,
): Judged {
  const trimmed = written.trim();
  if (form.kind === "string") return good(trimmed);
  const { suffix } = form;
  const bare =
    suffix !== null && trimmed.endsWith(suffix)
      ? trimmed.slice(0, trimmed.length - suffix.length).trimEnd()
      : trimmed;
  if (!PATTERN[decimal].test(bare)) return bad("bad:not-a-number");
  return number(point, Number(bare.replace(",", ".")));
}
