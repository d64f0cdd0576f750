import { z } from "zod";
import { PERMISSIONS } from "../edge/core/command.ts";
import { allowed, choice, entries, refuse, section, text } from "./fields.ts";

const permissions = { kind: "permissions" } as const;

const commandKey = section({
  key: text(1000).describe(
    "The public half of an Ed25519 key: the path of a PEM file, or its 32 bytes as base64. `lifeline command keygen` makes both halves.",
  ),
  may: z
    .array(choice(PERMISSIONS), refuse(permissions))
    .min(1, refuse(permissions))
    .meta(allowed(permissions))
    .describe(
      "What commands signed with it may order. write reaches only points with write: true; acknowledge and shelve act on alarms; rate and backlog on destinations; configure replaces this file, and with it every right.",
    ),
}).meta({ title: "key" });

/** Who may command the gateway from afar, or by hand with a signed file. */
export const commandsSchema = section({
  keys: entries("key", commandKey)
    .default({})
    .describe("Keys whose holders may order something, by name: of a person or a role."),
}).meta({ title: "commands" });
