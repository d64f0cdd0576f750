import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { RunningGateway } from "../running-gateway.ts";
import type { World } from "../world.ts";

/** How long the doctor may take, in milliseconds. */
const DOCTOR_MS = 60_000;

/** Serves the page for a phone at the box where the configuration says so; loaded only then. */
export async function localPage(
  gateway: RunningGateway,
  { world, config, file }: { world: World; config: GatewayConfig; file: string },
  signal: AbortSignal,
): Promise<void> {
  if (config.panel === null) return;
  const { servePanel } = await import("../panel/serve.ts");
  const { runOwnProgram } = await import("../world/own-program.ts");
  const subject = config.gateway.id;
  const parts = {
    ...{ world, config: config.panel },
    site: { alarms: config.alarms, timeZone: config.gateway.timeZone },
    status: () => gateway.status(),
    act: gateway.actOnAlarm.bind(gateway),
    tell: (cause: string, detail: Readonly<Record<string, string | number>>) =>
      gateway.tell({ kind: "gateway", subject, from: "running", to: "running", cause, detail }),
    examine: (lang: string) => {
      const args = ["doctor", "--quick", "--json", "--lang", lang, "--config", file];
      return runOwnProgram(args, DOCTOR_MS, signal);
    },
  };
  await servePanel(parts, signal);
}
