import type { DestinationConfig, GatewayConfig } from "../config/gateway-config.ts";
import { type CarryOutParts, carryOut } from "./command/carry-out.ts";
import { CommandDesk, type CommandDeskParts } from "./command/command-desk.ts";
import type { Clock } from "./core/time.ts";
import type { CommandPort } from "./forward/command-line.ts";
import type { Destination } from "./forward/destination.ts";

export type CommandingParts = Pick<
  CommandDeskParts,
  "remembered" | "store" | "tell" | "orderedBy"
> &
  Pick<CarryOutParts, "field" | "actOnAlarm" | "reconfigure" | "orderUpdate" | "bundling"> & {
    readonly clock: Clock;
    readonly config: GatewayConfig;
    /** The destination called so, or null. */
    readonly destination: (name: string) => Destination | null;
  };

/** The desk of a gateway that takes signed commands, with all that it carries them out by. */
export function commandDesk(parts: CommandingParts): CommandDesk {
  const { clock, config, destination } = parts;
  const desk: CommandDesk = new CommandDesk({
    ...parts,
    clock,
    gateway: config.gateway.id,
    configuration: config.fingerprint,
    keys: config.commands.keys,
    destinations: new Set(config.destinations.filter(mayCommand).map(({ name }) => name)),
    setRate: (name, perS) => {
      const known = destination(name);
      known?.setRate?.(perS);
      return known?.setRate !== undefined;
    },
    onOwed: (name) => destination(name)?.wake?.(),
    carryOut: (order, who, isStillGood) =>
      carryOut(order, who, isStillGood, {
        ...parts,
        setRate: (name, perS) => desk.setRate(name, perS),
        oweAgain: async (name, kind, range) =>
          (await destination(name)?.oweAgain?.(kind, range)) ?? null,
      }),
  });
  return desk;
}

/** Whether commands are taken from `destination`. */
export function mayCommand(destination: DestinationConfig): boolean {
  return "commands" in destination && destination.commands;
}

/** How the destination called so gives commands to `desk`. */
export function commandPort(desk: CommandDesk, name: string): CommandPort {
  return {
    submit: (bytes) => void desk.submit(bytes, name),
    owed: () => desk.owed(name),
    delivered: (owed) => desk.delivered(name, owed),
  };
}
