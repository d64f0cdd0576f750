import { z } from "zod";
import { serialSchema } from "./bus-schema.ts";
import { entries, refuse, section, text, whole } from "./fields.ts";
import { identifySchema } from "./identify-schema.ts";
import { limitsShape } from "./limits-schema.ts";
import { CARE_SHAPE } from "./measure-schema.ts";
import { every, POINT_SHAPE } from "./point-schema.ts";
import { protocolSchema, silentAfter } from "./talk-schema.ts";

/** A text in every language. */
const bothLanguages = section({
  en: text(400).describe("English."),
  "zh-CN": text(400).describe("Chinese."),
}).meta({ title: "text" });

const meanings = z.record(
  z.string().regex(/^\d+$/, refuse({ kind: "value-number" })),
  bothLanguages,
  refuse({ kind: "entries", of: "value" }),
);

const profilePoint = section({
  title: bothLanguages.describe("What the point is, for people."),
  ...POINT_SHAPE,
  ...CARE_SHAPE,
  values: meanings.optional().describe("Meanings of the raw value, by number."),
  bits: meanings.optional().describe("Meanings of the raw value's bits, from 0."),
}).meta({ title: "point" });

/** A device profile: `drivers/profiles/MODEL.yaml`. */
export const profileSchema = section({
  name: bothLanguages.describe("Maker and model, for people."),
  measures: bothLanguages.describe("What it measures."),
  source: text(400).describe("Where the facts are from."),
  caution: bothLanguages.optional().describe("What to check on the device before relying on it."),
  serial: serialSchema.optional().describe("Line settings as delivered."),
  unit: whole(0, 255).optional().describe("Modbus unit identifier as delivered."),
  identify: identifySchema
    .optional()
    .describe("How lifeline scan knows the model by what it answers."),
  ...limitsShape(""),
  every: every().optional().describe("Default period of the points."),
  protocol: protocolSchema.optional().describe("How it talks, where that is not Modbus."),
  silentAfter: silentAfter().describe("Default of the device's silentAfter."),
  points: entries("point", profilePoint).describe("Points by name."),
}).meta({ title: "Lifeline Edge device profile" });

/** A device profile, read. */
export type ProfileInput = z.output<typeof profileSchema>;
