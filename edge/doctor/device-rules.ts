import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with single devices. */
export function deviceRules({ config, status }: Facts): readonly Finding[] {
  return (status?.buses ?? []).flatMap(({ bus, silent }) =>
    silent.map((device): Finding => {
      return {
        code: "device.dead",
        subject: device,
        since: null,
        sure: "possible",
        severity: "fault",
        evidence: [{ key: "silentDevice", values: { device, bus } }],
        explains: config.points.filter((point) => point.device === device).map(({ id }) => id),
      };
    }),
  );
}
