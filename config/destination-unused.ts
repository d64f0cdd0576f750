import type { DestinationContext } from "./destination-keys.ts";
import type { Path } from "./problems.ts";

/** What of a destination only some formats have a use for. */
type Keys = {
  readonly format: "json" | "template" | "sparkplug";
  readonly select?: object | undefined;
  readonly every?: number | undefined;
  readonly commands?: boolean;
  readonly encoding?: "json" | "cbor";
  readonly compression: "none" | "zstd";
  readonly batch?: object | undefined;
  readonly sessionExpiry?: number;
  readonly needsSubscriber?: boolean;
};

/**
 * Notes what the format of a destination has no use for, so that nothing is ignored in silence: an
 * error where the platform would get more than it is meant to, or be obeyed less; else a warning.
 */
export function checkUnused(input: Keys, path: Path, { findings }: DestinationContext): void {
  const { format } = input;
  if (format === "json") return;
  const isSparkplug = format === "sparkplug";
  const refused = {
    select: isSparkplug && input.select !== undefined,
    every: isSparkplug && input.every !== undefined,
    commands: input.commands === true,
  };
  for (const key of ["select", "every", "commands"] as const) {
    if (refused[key]) findings.add("not-with-format", { key, format }, [...path, key]);
  }
  const idle = {
    encoding: input.encoding === "cbor",
    compression: input.compression !== "none",
    batch: input.batch !== undefined,
    sessionExpiry: isSparkplug && (input.sessionExpiry ?? 0) > 0,
    needsSubscriber: isSparkplug && input.needsSubscriber === false,
  };
  for (const [key, isIdle] of Object.entries(idle)) {
    if (isIdle) findings.add("idle-with-format", { key, format }, [...path, key]);
  }
}
