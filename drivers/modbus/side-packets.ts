/**
 * Packets that are no Modbus: what a serial server with a mobile modem sends between frames to
 * keep its connection or to say who it is.
 */
export type SidePackets = readonly Uint8Array[];

/** How the bytes from a place on compare with the side packets. */
export type SideMatch = { readonly kind: "none" | "begun" } | SidePacket;

/** A side packet that is whole. */
type SidePacket = { readonly kind: "whole"; readonly length: number };

/**
 * Whether a side packet stands in `bytes` at `at`; `begun` where they end before it can be known.
 * The first of `packets` that is whole counts.
 */
export function sidePacketAt(bytes: Uint8Array, at: number, packets: SidePackets): SideMatch {
  let isBegun = false;
  for (const packet of packets) {
    const here = bytes.subarray(at, at + packet.length);
    if (here.length === 0 || !here.every((byte, index) => byte === packet[index])) continue;
    if (here.length === packet.length) return { kind: "whole", length: packet.length };
    isBegun = true;
  }
  return { kind: isBegun ? "begun" : "none" };
}
