import type { z } from "zod";
import { duration, flag, section, textLike } from "./fields.ts";
import type { SparkplugSettings } from "./mqtt-config.ts";

/** Sparkplug B 3.0, 4.1.2: none of the characters that topics are made of. */
const ID = /^[^+/#]{1,64}$/u;

/** How an edge node of Sparkplug B appears. */
export const sparkplugSection = section({
  group: textLike("sparkplug-id", ID)
    .default("lifeline")
    .describe("The group of edge nodes that it belongs to; with `node` unique for a host."),
  node: textLike("sparkplug-id", ID)
    .optional()
    .describe("The name of the edge node. Default: the gateway's id."),
  primaryHost: textLike("sparkplug-id", ID)
    .optional()
    .describe(
      "The host application without which nothing is sent: the buffer keeps all while its STATE does not say online, and the next broker is tried. Default: none; whoever listens is taken for the host.",
    ),
  commands: flag()
    .default(false)
    .describe(
      "Whether a host may write points that are `write: true`, by DCMD. MQTT does not say who sent one: let the broker allow it to the host alone.",
    ),
  grace: duration("1s", "1h")
    .prefault("5s")
    .describe(
      "Nothing acknowledges Sparkplug's data. A row of the buffer counts as delivered when the broker has answered a ping behind it and the session, and the primary host, have stood for so long after. Longer than a host's absence stays unnoticed (one and a half times its keep-alive), nothing is lost with it; what is sent twice is the same metric of the same time.",
    ),
}).meta({ title: "sparkplug" });

/** The settings as the loop takes them. */
export function sparkplugOf(
  given: z.output<typeof sparkplugSection> | undefined,
): SparkplugSettings {
  const input = given ?? sparkplugSection.parse({});
  return {
    group: input.group,
    node: input.node ?? null,
    primaryHost: input.primaryHost ?? null,
    takesCommands: input.commands,
    graceMs: input.grace,
  };
}
