import { z } from "zod";

/** `lifeline release key`. */
export const madeKey = z.object({
  name: z.string(),
  secret: z.string().describe("the file that the sealed key is in"),
  public: z.string(),
  id: z.string().describe("as metadata name it, hexadecimal digits"),
});

/** `lifeline release root`, `delegate`, `renew`, `add`, `sign` and `drafts`. */
export const drafts = z.object({
  drafts: z.array(
    z.object({
      file: z.string(),
      role: z.string(),
      version: z.int(),
      expires: z.string(),
      signatures: z.int(),
      fingerprint: z.string().describe("SHA-256 of what is signed, to be compared"),
    }),
  ),
});

/** `lifeline release publish` and `timestamp`. */
export const published = z.object({
  versions: z.record(z.string(), z.int()).describe("by the names of the roles"),
});

/** `lifeline release verify` and `stick`. */
export const verified = z.object({
  freshUntil: z.string(),
  targets: z.array(z.string()),
});
