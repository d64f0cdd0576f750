import type { BusConfig } from "../../config/gateway-config.ts";
import { isRead } from "../acquire/open-session.ts";
import type { Lang } from "../core/errors.ts";
import { sayField } from "./field-text.ts";

/** Why the devices on the bus `name` cannot be asked, as a sentence, or null where they can. */
export function whyUnread(buses: readonly BusConfig[], name: string, lang: Lang): string | null {
  const bus = buses.find((bus) => bus.name === name);
  if (bus === undefined) {
    const names = buses.map((each) => each.name).join(", ");
    return sayField(lang, "unknownBus", { bus: name, buses: names });
  }
  return isRead(bus) ? null : sayField(lang, "unreadBus", { bus: name });
}
