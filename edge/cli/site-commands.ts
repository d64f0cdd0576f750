import type { CommandParts } from "./line-commands.ts";

/** Adds the commands about the gateway as a whole. */
export function addSiteCommands({ command, option, config, json, does }: CommandParts): void {
  command("check", "check --config gateway.yaml")
    .addOption(config)
    .addOption(json)
    .addOption(option("--schema", "schemaOption"))
    .action(does(async () => (await import("./check.ts")).check));
  command("profiles", "profiles level\n  lifeline profiles keller-series-30")
    .argument("[NAME]")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./profiles.ts")).profiles));
  command("status", "status --json")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./status.ts")).status));
  command("alarms", "alarms ack gas-high\n  lifeline alarms reset gas-high")
    .argument("[action]")
    .argument("[alarm]")
    .usage("[options] [ack ALARM | reset ALARM]")
    .addOption(config)
    .addOption(json)
    .action(does(async () => (await import("./alarms.ts")).alarms));
}
