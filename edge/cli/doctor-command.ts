import type { CommandParts } from "./line-commands.ts";

/** Adds `lifeline doctor`. */
export function addDoctor({ command, option, config, json, does }: CommandParts): void {
  command("doctor", "doctor\n  lifeline doctor --json")
    .addOption(config)
    .addOption(json)
    .addOption(option("--deep", "doctorDeepOption"))
    .addOption(option("--quick", "doctorQuickOption"))
    .action(does(async () => (await import("./doctor.ts")).doctor));
}
