import type { Survey } from "../../buffer/survey.ts";
import type { ErrorCode } from "../core/errors.ts";

/** What was read of the buffer, beside a gateway that uses it or without one. */
export type BufferFacts =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly code: ErrorCode; readonly text: string }
  | { readonly kind: "read"; readonly survey: Survey };
