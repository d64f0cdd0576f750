import { z } from "zod";
import { allowed, refuse, section, text, whole } from "./fields.ts";
import { POINT_SHAPE } from "./point-schema.ts";

const VALUES = { kind: "identity-values" } as const;

const { area, address, number, type, order, length } = POINT_SHAPE;

/** How a device model is known by what it answers, in a profile. */
export const identifySchema = section({
  vendor: text(100)
    .optional()
    .describe(
      "Part of the vendor name that the device gives (function 43/14) or, where it has only a server ID (function 17), of that. Upper or lower case is the same.",
    ),
  product: text(100)
    .optional()
    .describe(
      "Part of the product code or name that the device gives, or of its server ID. With vendor beside it, both must fit.",
    ),
  area,
  address,
  number,
  type,
  order,
  length,
  values: z
    .array(z.union([z.int(), z.string()], refuse(VALUES)), refuse(VALUES))
    .min(1, refuse(VALUES))
    .max(64, refuse(VALUES))
    .meta(allowed(VALUES))
    .optional()
    .describe("What stands at that address in this model. Needed with an address."),
  mask: whole(1, 4_294_967_295)
    .optional()
    .describe(
      "Only these bits of the value are compared, such as 0xFF00. Default: all. For numbers only.",
    ),
});
