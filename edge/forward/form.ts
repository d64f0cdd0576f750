import type { HttpDestination, TemplateConfig } from "../../config/http-config.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import { GatewayError } from "../core/errors.ts";
import type { Outgoing } from "../core/uplink.ts";
import type { Bundled } from "./bundle.ts";
import { encoded } from "./encoding.ts";

/** What goes out for messages of contract v1: a message, nothing, or why there can be none. */
export type Formed =
  | { readonly kind: "message"; readonly message: Outgoing }
  | { readonly kind: "nothing" }
  /** `isNews` where it is another reason than the last: a message is tried again and again. */
  | { readonly kind: "fault"; readonly why: string; readonly isNews: boolean };

/** How messages of contract v1 are put for one platform: a function of the message. */
export type Form = (bundled: Bundled) => Formed;

/**
 * The form that `destination` has asked for. Rejects with `uplink.template` where a template cannot
 * be parsed.
 */
export async function formOf(destination: MqttDestination | HttpDestination): Promise<Form> {
  const { template } = destination;
  if (template !== null) return await templateForm(template);
  return ({ topic, json, key }) => {
    const keyed = key === null ? {} : { key };
    const message = { topic, ...keyed, ...encoded(json, destination), retain: false };
    return { kind: "message", message };
  };
}

/** The engine takes eight megabytes: only who needs it loads it. */
async function templateForm({ readings, events }: TemplateConfig): Promise<Form> {
  const { parseTemplate } = await import("../../config/template.ts");
  const { eventSightOf, readingsSightOf } = await import("./template-sight.ts");
  const parsed = (text: TemplateConfig["readings"]) => {
    const template = parseTemplate(text);
    if (typeof template === "function") return template;
    throw new GatewayError("uplink.template", template.why);
  };
  const ofReadings = parsed(readings);
  const ofEvents = events === null ? null : parsed(events);
  let lastWhy: string | null = null;
  return ({ kind, json, isBacklog, key }) => {
    if (kind === "events" && ofEvents === null) return { kind: "nothing" };
    const template = kind === "events" ? ofEvents : ofReadings;
    const sight = kind === "events" ? eventSightOf(json) : readingsSightOf(json, isBacklog);
    const rendered = template?.(sight) ?? { kind: "nothing" };
    if (rendered.kind === "nothing") return rendered;
    if (rendered.kind === "fault") {
      const isNews = rendered.why !== lastWhy;
      lastWhy = rendered.why;
      return { ...rendered, isNews };
    }
    const { topic, body } = rendered;
    const keyed = key === null ? {} : { key };
    return { kind: "message", message: { topic, payload: body, retain: false, ...keyed } };
  };
}
