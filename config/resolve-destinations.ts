import { checkBrokers } from "./destination-brokers.ts";
import { resolveHj212 } from "./destination-hj212.ts";
import { resolveHttp } from "./destination-http.ts";
import type { DestinationContext } from "./destination-keys.ts";
import { resolveMqtt } from "./destination-mqtt.ts";
import { resolveSl651 } from "./destination-sl651.ts";
import type { DestinationConfig } from "./gateway-config.ts";
import type { DestinationInput } from "./schema.ts";

/** Checks every destination, and reads its secrets. */
export function resolveDestinations(
  inputs: Readonly<Record<string, DestinationInput>>,
  context: DestinationContext,
): readonly DestinationConfig[] {
  const destinations = Object.entries(inputs).flatMap(([name, input]) => {
    const resolved = resolveDestination(name, input, context);
    return resolved === null ? [] : [resolved];
  });
  checkBrokers(
    destinations.filter((each) => each.kind === "mqtt"),
    context.findings,
  );
  return destinations;
}

function resolveDestination(
  name: string,
  input: DestinationInput,
  context: DestinationContext,
): DestinationConfig | null {
  switch (input.kind) {
    case "mqtt":
      return resolveMqtt(name, input, context);
    case "http":
      return resolveHttp(name, input, context);
    case "hj212":
      return resolveHj212(name, input, context);
    case "sl651":
      return resolveSl651(name, input, context);
  }
}
