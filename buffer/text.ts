import { type BatchText, batchText } from "../edge/core/batch-text.ts";
import { GatewayError } from "../edge/core/errors.ts";
import { decodeBatch, type SeriesName } from "./encoding/encode.ts";
import type { RowTime } from "./requests.ts";
import { timedBatch } from "./timed.ts";

/**
 * The batch in `body` written out, with its times told as `time` says; null where it is damaged or
 * names a series that `nameOf` does not know.
 */
export function textOf(
  body: Uint8Array,
  time: RowTime,
  nameOf: (id: number) => SeriesName | undefined,
): BatchText | null {
  try {
    return batchText(timedBatch(decodeBatch(body, nameOf), time));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return null;
  }
}
