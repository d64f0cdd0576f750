import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { loadConfig } from "../../config/load.ts";
import { loadProfile, type Profile } from "../../config/profile.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

/** A device model, and a gateway that has one device `d` of it. */
export type Model = {
  readonly name: string;
  readonly profile: Profile;
  readonly config: GatewayConfig;
};

/** The unit of the device. */
export const UNIT = 17;

/** Every model that is shipped. */
export function shippedModels(): readonly Model[] {
  return readdirSync(SHIPPED_PROFILES)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => modelOf(file.replace(/\.yaml$/, "")));
}

/** Whether the model answers on Modbus. */
export function isAsked({ profile }: Model): boolean {
  return profile.protocol === undefined;
}

/** The model `name`, whose device has `points` (YAML) laid over its profile's. */
export function modelOf(name: string, points = "{}"): Model {
  const text = readFileSync(join(SHIPPED_PROFILES, `${name}.yaml`), "utf8");
  const { profile } = loadProfile(text);
  if (profile === null) throw new Error(`${name} has faults`);
  const { baud = 9600, format = "8N1" } = profile.serial ?? {};
  const kind = profile.protocol === undefined ? "modbus-rtu" : "serial";
  const unit = profile.protocol === undefined ? `, unit: ${UNIT}` : "";
  const yaml = `gateway: { id: a }
buses: { line: { kind: ${kind}, port: /dev/line, baud: ${baud}, format: ${format} } }
devices: { d: { bus: line${unit}, profile: ${name}, points: ${points} } }`;
  const { config, problems } = loadConfig(yaml, {
    profiles,
    readFile: () => "",
    env: () => undefined,
  });
  const faults = problems.filter(({ code }) => code !== "no-destinations");
  if (config === null || faults.length > 0) {
    throw new Error(`${name}: ${reportProblems("gateway.yaml", faults, "en")}`);
  }
  return { name, profile, config };
}
