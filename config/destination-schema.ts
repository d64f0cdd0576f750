import { mqttDraft, mqttSection } from "./destination-mqtt.ts";
import { byKind } from "./fields.ts";

const KINDS = ["mqtt"] as const;

/** One central platform: a section for each kind. */
export const destinationSchema = byKind(KINDS, [mqttSection]);

/** The same of a file with misfits: a key that is needed may be missing, but for the kind. */
export const destinationDraft = byKind(KINDS, [mqttDraft]);
