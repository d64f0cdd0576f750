import { hj212Draft, hj212Section } from "./destination-hj212.ts";
import { httpDraft, httpSection } from "./destination-http.ts";
import { mqttDraft, mqttSection } from "./destination-mqtt.ts";
import { sl651Draft, sl651Section } from "./destination-sl651.ts";
import { byKind } from "./fields.ts";

const KINDS = ["mqtt", "http", "hj212", "sl651"] as const;

/** One central platform: a section for each kind. */
export const destinationSchema = byKind(KINDS, [
  mqttSection,
  httpSection,
  hj212Section,
  sl651Section,
]);

/** The same of a file with misfits: a key that is needed may be missing, but for the kind. */
export const destinationDraft = byKind(KINDS, [mqttDraft, httpDraft, hj212Draft, sl651Draft]);
