import { section, whole } from "./fields.ts";

/** How a backlog flows, of whatever destination. */
export const backlogSection = section({
  rate: whole(1, 1_000_000)
    .optional()
    .describe(
      "The most readings a second of what was stored through an outage, so that a metered or narrow line is left to what is live, which is not limited: as JSON one takes about 50 to 70 bytes. Default: as many as the broker takes.",
    ),
}).meta({ title: "backlog" });
