import { existsSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { GatewayError } from "../core/errors.ts";
import type { BufferFacts } from "../doctor/buffer-facts.ts";

/** Looks into the buffer, beside whoever uses it. */
export async function gatherBuffer(config: GatewayConfig): Promise<BufferFacts> {
  const file = join(config.buffer.dir, "lifeline.db");
  if (!existsSync(file)) return { kind: "none" };
  const { Reader } = await import("../../buffer/reader.ts");
  const { survey } = await import("../../buffer/survey.ts");
  try {
    const reader = new Reader(file);
    try {
      const { buffer, destinations } = config;
      const { maxBytes, card } = buffer;
      const limits = { maxBytes, card, destinations: destinations.map(({ name }) => name) };
      return { kind: "read", survey: survey(reader, limits) };
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { kind: "unreadable", code: error.code, text: error.message };
  }
}
