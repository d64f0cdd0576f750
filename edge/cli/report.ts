import { type Invocation, misuse } from "./invocation.ts";
import { sayReport } from "./report-text.ts";

/**
 * `lifeline report commissioning`, `… verify FILE`: makes the record of a hand-over; tells whether a
 * file is one that was recorded. 1 where something of it is open, or it is not.
 */
export async function report(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action, file, ...more] = operands;
  if (action === "commissioning" && file === undefined) {
    return await (await import("./report-commissioning.ts")).commission(invocation);
  }
  if (action === "verify" && file !== undefined && more.length === 0) {
    return await (await import("./report-verify.ts")).verifyDocument(file, invocation);
  }
  return misuse(sayReport(lang, "usage"), invocation);
}
