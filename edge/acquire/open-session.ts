import type { BusConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import type { FlightRecorder } from "../../drivers/flight-recorder.ts";
import { adapterOf, openModbus } from "../../drivers/modbus/modbus.ts";
import type { World } from "../world.ts";
import { bytesOf } from "./caller.ts";
import { type OnRivals, Reception } from "./reception.ts";

/** A bus whose devices are asked. */
export type ReadBus = Extract<BusConfig, { readonly kind: `modbus-${string}` }>;

type DialInBus = Extract<BusConfig, { readonly kind: "modbus-dial-in" }>;

/** Opens a bus; `recorder` keeps what goes over it. Rejects with `GatewayError` `link.refused`. */
export type OpenSession = (
  bus: ReadBus,
  signal: AbortSignal,
  recorder?: FlightRecorder,
) => Promise<Session>;

/** Whether the devices of `bus` are asked. */
export function isRead(bus: BusConfig): bus is ReadBus {
  return "timeoutMs" in bus;
}

/** What opens each of `buses` in the world, as often as it must be; `onRivals` is told of those. */
export function sessionOpener(
  world: World,
  buses: readonly BusConfig[],
  onRivals: OnRivals = () => {},
): OpenSession {
  const { clock } = world;
  const receptions = receptionsOf(world, buses, onRivals);
  const read = buses.filter(isRead);
  const adapters = new Map(read.map((bus) => [bus.name, adapterOf(bus)]));
  return async (bus, signal, recorder) => {
    const adapter = adapters.get(bus.name);
    switch (bus.kind) {
      case "modbus-rtu":
      case "modbus-ascii":
        return openModbus(
          await world.openSerial(bus.serial, signal),
          clock,
          bus,
          recorder,
          adapter,
        );
      case "modbus-tcp":
        return openModbus(await world.openTcp(bus.tcp, signal), clock, bus, recorder, adapter);
      case "modbus-udp":
        return openModbus(await world.openUdp(bus.udp, signal), clock, bus, recorder);
      case "modbus-dial-in": {
        const reception = receptions.get(portOf(bus)) as Reception;
        const link = await reception.next(bus.name, bus.connectTimeoutMs, signal);
        const sidePackets = asideOf(bus);
        return openModbus(
          link,
          clock,
          { ...bus, kind: "modbus-tcp", sidePackets },
          recorder,
          adapter,
        );
      }
    }
  };
}

/** One reception for each port that is listened on. */
function receptionsOf(
  world: World,
  buses: readonly BusConfig[],
  onRivals: OnRivals,
): ReadonlyMap<string, Reception> {
  const dialIn = buses.filter((bus) => bus.kind === "modbus-dial-in");
  const byPort = [...Map.groupBy(dialIn, portOf)];
  return new Map(
    byPort.map(([port, [first, ...others]]) => {
      const { listen } = first as DialInBus;
      const all = [first as DialInBus, ...others];
      const callers = all.map(({ name, caller, heartbeat }) => {
        return { bus: name, identity: caller, heartbeat };
      });
      return [port, new Reception(world, listen, callers, onRivals)];
    }),
  );
}

function portOf({ listen }: DialInBus): string {
  return `${listen.host} ${listen.port}`;
}

/** What the peer sends beside its frames: some send their registration again before each. */
function asideOf({ heartbeat, caller }: DialInBus): readonly Uint8Array[] {
  const packets = [heartbeat, caller.kind === "registration" ? caller.hex : null];
  return packets.filter((hex) => hex !== null).map(bytesOf);
}
