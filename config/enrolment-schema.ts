import { section, text, textLike } from "./fields.ts";

/** Who certifies the gateway's identity. */
export const enrolmentSchema = section({
  url: textLike("tls-url", /^\S{1,1000}$/).describe(
    "Where certificates are asked for over EST (RFC 7030), as in https://enrol.example:8443.",
  ),
  ca: text(1000)
    .optional()
    .describe("PEM file with the authorities to trust there. Default: the system's."),
  claim: text(1000)
    .optional()
    .describe(
      "File with the claim that the first certificate is asked for with. It is good once and may be removed then; while there is none the gateway measures and waits.",
    ),
}).meta({ title: "enrolment" });

/** The same of a file with misfits. */
export const enrolmentDraft = enrolmentSchema.partial({ url: true });
