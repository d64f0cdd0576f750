import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { RequestTruth } from "../sim/bus-truth.ts";

/** A write of one coil or one register, as it was on the wire. */
type Written = {
  readonly area: "coil" | "holding";
  readonly address: number;
  readonly value: boolean | number;
};

/** What `request` writes to `point`; null where it is no write of it. */
export function writtenTo(
  { points, devices }: Pick<GatewayConfig, "points" | "devices">,
  point: string,
  { bus, unit, pdu }: Pick<RequestTruth, "bus" | "unit" | "pdu">,
): boolean | number | null {
  const written = writtenBy(pdu);
  const place = points.find(({ id }) => id === point);
  const device = devices.find(({ name }) => name === place?.device);
  if (written === null || place === undefined || device === undefined) return null;
  const isUnit = device.bus === bus && device.unit === unit;
  const isPlace = place.area === written.area && place.address === written.address;
  return isUnit && isPlace ? written.value : null;
}

/** Write single coil and write single register (Modbus Application Protocol V1.1b3, 6.5 and 6.6). */
function writtenBy(pdu: Uint8Array): Written | null {
  const [kind, addressHigh = 0, addressLow = 0, high = 0, low = 0] = pdu;
  const address = addressHigh * 256 + addressLow;
  if (kind === 5) return { area: "coil", address, value: high === 0xff };
  return kind === 6 ? { area: "holding", address, value: high * 256 + low } : null;
}
