import { caOf, type DestinationContext } from "./destination-keys.ts";
import type { EnrolmentConfig } from "./gateway-config.ts";
import type { DraftInput } from "./schema.ts";

/** Who certifies the gateway's identity; null where nobody is asked. */
export function resolveEnrolment(
  { enrolment }: DraftInput,
  context: DestinationContext,
): EnrolmentConfig | null {
  if (enrolment === undefined) return null;
  const { url = "", claim } = enrolment;
  const path = ["enrolment"];
  const parsed = URL.parse(url);
  const isHttps = parsed?.protocol === "https:";
  if (enrolment.url !== undefined && !isHttps) {
    context.findings.add("enrolment-url", null, [...path, "url"]);
  }
  if (parsed?.username || parsed?.password) {
    context.findings.add("secret-in-url", null, [...path, "url"]);
  }
  return {
    url,
    ca: caOf(enrolment, path, context),
    claim: claim === undefined ? null : context.absolute(claim),
  };
}
