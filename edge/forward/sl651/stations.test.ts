import test from "ava";
import { stationAddressOf } from "./stations.ts";

test("an address is a hydrological station's, or one of a district's", (t) => {
  t.deepEqual(stationAddressOf("0012345678"), { kind: "hydrology", code: "12345678" });
  const told = (number: string) => stationAddressOf(`310115${number}`);
  t.deepEqual(told("0007"), { kind: "station", district: "310115", number: 7 });
  t.is(told("EA60").kind, "station");
  t.is(told("EA61").kind, "relay");
  t.is(told("FFFE").kind, "relay");
  t.is(told("FFFF").kind, "all");
  t.is(told("0000").kind, "none");
});
