import { type DestinationContext, follow } from "./destination-keys.ts";
import type { PanelConfig } from "./gateway-config.ts";
import { isLoopback, listenAt } from "./listen-at.ts";
import { PIN_MIN } from "./panel-schema.ts";
import type { DraftInput } from "./schema.ts";
import { isReference, secretText } from "./secrets.ts";

/** Where the local page is served, and what lets act there; null where it is not asked for. */
export function resolvePanel(
  { panel }: DraftInput,
  context: DestinationContext,
): PanelConfig | null {
  if (panel?.listen === undefined) return null;
  const { findings, absolute } = context;
  const listen = listenAt(panel.listen);
  const { pin } = panel;
  if (!isLoopback(listen)) {
    findings.add("panel-open", { host: listen.host, hasPin: pin !== undefined }, [
      "panel",
      "listen",
    ]);
  }
  if (pin === undefined) return { listen, pin: null };
  const path = ["panel", "pin"];
  if (!isReference(pin)) {
    findings.add("secret-in-file", null, path);
    return { listen, pin: null };
  }
  const found = follow(pin, path, context);
  if (found !== null && found.length < PIN_MIN) {
    findings.add("pin-short", { min: PIN_MIN, found: found.length }, path);
  }
  return { listen, pin: secretText(pin, absolute) };
}
