import type { GatewayConfig } from "../../config/gateway-config.ts";

/** Everything on `bus`: its devices, and their points. */
export function allOn(config: GatewayConfig, bus: string): readonly string[] {
  const all = [...config.devices, ...config.talkers, ...config.boards];
  const names = all.filter((device) => device.bus === bus).map(({ name }) => name);
  const points = [
    ...config.points,
    ...config.talkers.flatMap((talker) => talker.points),
    ...config.boards.flatMap((board) => board.points),
  ];
  return [...names, ...points.filter(({ device }) => names.includes(device)).map(({ id }) => id)];
}
