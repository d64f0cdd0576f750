import test from "ava";
import { ascii, hex } from "./fake-link.ts";
import { sidePacketAt } from "./side-packets.ts";

const PACKETS = [hex("FEFE"), ascii("DTU-7")];

test("a packet is found where it stands, and nowhere else", (t) => {
  const bytes = Uint8Array.of(1, 0xfe, 0xfe, 2);
  t.deepEqual(sidePacketAt(bytes, 1, PACKETS), { kind: "whole", length: 2 });
  t.deepEqual(sidePacketAt(bytes, 0, PACKETS), { kind: "none" });
  t.deepEqual(sidePacketAt(bytes, 2, PACKETS), { kind: "none" });
});

test("a packet whose end has not come is begun", (t) => {
  t.deepEqual(sidePacketAt(ascii("..DTU"), 2, PACKETS), { kind: "begun" });
  t.deepEqual(sidePacketAt(hex("FE"), 0, PACKETS), { kind: "begun" });
});

test("where there are no bytes, or no packets, there is none", (t) => {
  t.deepEqual(sidePacketAt(hex("FEFE"), 2, PACKETS), { kind: "none" });
  t.deepEqual(sidePacketAt(hex("FEFE"), 0, []), { kind: "none" });
});

test("a whole packet counts before one that has only begun", (t) => {
  t.deepEqual(sidePacketAt(ascii("AB"), 0, [ascii("ABC"), ascii("AB")]), {
    kind: "whole",
    length: 2,
  });
});
