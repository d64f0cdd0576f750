import { basename } from "node:path";
import type { BusConfig } from "../../config/gateway-config.ts";
import type { BusFacts } from "./bus-facts.ts";
import { allOn } from "./bus-scope.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What keeps `bus` from being opened: nothing where it is open, or nobody has tried. */
export function portRules(
  { config, status }: Facts,
  { name: bus }: BusConfig,
  { port }: BusFacts,
): readonly Finding[] {
  const now = status?.buses.find((each) => each.bus === bus);
  const isClosed = now?.state === "closed";
  const common = {
    subject: bus,
    since: isClosed ? now.since : null,
    severity: "fault",
    explains: allOn(config, bus),
  } as const;
  const trouble = now?.trouble == null ? [] : [{ raw: now.trouble }];
  if (port !== null && !port.isThere) {
    const { path } = port;
    const gone = { key: "portGone", values: { path } } as const;
    const other = port.others.find((each) => vendorOf(each) === vendorOf(path));
    if (other === undefined || vendorOf(path) === null) {
      return [{ ...common, code: "bus.unplugged", sure: "certain", evidence: [gone, ...trouble] }];
    }
    const came = { key: "portCame", values: { other } } as const;
    const values = { path, other };
    return [
      {
        ...common,
        code: "bus.port-renamed",
        sure: "likely",
        values,
        evidence: [gone, came, ...trouble],
      },
    ];
  }
  if (!isClosed) return [];
  const code = port === null ? "bus.unreachable" : "bus.port-refused";
  const values = { path: port?.path ?? "" };
  return [{ ...common, code, sure: "likely", values, evidence: trouble }];
}

/**
 * Who made the adapter behind a lasting name such as `usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0`
 * (udev, `60-serial.rules`); null where the name does not say.
 */
function vendorOf(path: string): string | null {
  return /^(usb-[^_-]+)[_-]/.exec(basename(path))?.[1] ?? null;
}
