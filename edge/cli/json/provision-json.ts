import { z } from "zod";
import { moment, secrets } from "./parts.ts";

const certificate = z.object({
  gateway: z.string().describe("to whom it is made out"),
  serial: z.string().describe("hexadecimal digits"),
  issuer: z.string(),
  validFrom: moment,
  validTo: moment,
  renewFrom: moment.describe("half of its life is over"),
  fingerprint: z.string().describe("SHA-256 over the certificate, hexadecimal digits"),
});

/** `lifeline provision`, and with `enrol`, `install`, `replace` and `reset` what came of it. */
export const standing = z.object({
  gateway: z.string(),
  state: z
    .enum(["none", "requested", "enrolled", "foreign", "sealed"])
    .describe(
      "requested: a key waits for its certificate; foreign: it is another board's; sealed: it does not open here",
    ),
  certificate: certificate.nullable().describe("the one in force"),
  renewed: certificate.nullable().describe("one that no platform has taken yet"),
  isExpired: z.boolean(),
  boundTo: z.string().nullable().describe("serial number of the board that the key was made on"),
  hardware: z.string().nullable().describe("the same of this board; null where it has none"),
  secrets: secrets.nullable().describe("how its keys are protected; null where there are none"),
  unopened: z.string().nullable().describe("why a sealed key does not open; null where it does"),
  dir: z.string(),
});

/** `lifeline provision csr`. */
export const request = z.object({
  gateway: z.string(),
  request: z.string().describe("PKCS #10 as PEM"),
});

/** `lifeline provision batch`. */
export const batch = z.object({
  dir: z.string(),
  expires: moment.describe("until when the claims are good"),
  gateways: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      fingerprint: z.string().describe("SHA-256 of the claim, hexadecimal digits"),
      shortCode: z.string(),
    }),
  ),
});

/** `lifeline flash IMAGE CARD`. */
export const flashed = z.object({
  path: z.string(),
  gateway: z.string().nullable().describe("whose card it is; null for nobody's"),
  bytes: z.int(),
  sha256: z.string().describe("of the image, hexadecimal digits"),
  isDirect: z.boolean().describe("whether it was read back past the system's cache"),
  seconds: z.number(),
});

/** `lifeline flash`. */
export const cards = z.object({
  cards: z.array(
    z.object({
      path: z.string(),
      bytes: z.int(),
      model: z.string(),
      serial: z.string().nullable(),
      isRemovable: z.boolean(),
      isReadOnly: z.boolean(),
      mounts: z.array(z.string()),
      refused: z.string().nullable().describe("why it would not be written to"),
    }),
  ),
});
