import test from "ava";
import { deviceTopic, isId, nodeTopic, stateTopic, topicOf } from "./topics.ts";

const edge = { group: "city", node: "gw-0001" };

test("topics of nodes, devices and hosts are made and read alike", (t) => {
  t.is(nodeTopic(edge, "NBIRTH"), "spBv1.0/city/NBIRTH/gw-0001");
  t.is(deviceTopic(edge, "DDATA", "gas-1"), "spBv1.0/city/DDATA/gw-0001/gas-1");
  t.is(stateTopic("scada"), "spBv1.0/STATE/scada");
  t.deepEqual(topicOf("spBv1.0/city/NCMD/gw-0001"), { kind: "node", type: "NCMD", ...edge });
  t.deepEqual(topicOf("spBv1.0/city/DCMD/gw-0001/gas-1"), {
    kind: "device",
    type: "DCMD",
    ...edge,
    device: "gas-1",
  });
  t.deepEqual(topicOf("spBv1.0/STATE/scada"), {
    kind: "state",
    type: "STATE",
    host: "scada",
  });
});

test("what is no topic of Sparkplug B 3.0 is none", (t) => {
  for (const topic of [
    "STATE/scada",
    "spAv1.0/city/NCMD/gw",
    "spBv1.0/city/NCMD",
    "spBv1.0/city/NCMD/gw/device",
    "spBv1.0/city/DCMD/gw",
    "spBv1.0/city/DCMD/gw/a/b",
    "spBv1.0/city/OTHER/gw",
    "spBv1.0//NCMD/gw",
    "",
  ]) {
    t.is(topicOf(topic), null, topic);
  }
});

test("an id has none of the characters that topics are made of", (t) => {
  t.true(isId("Ancient Gate 7 · 古城门"));
  for (const id of ["", "a/b", "a+", "#"]) t.false(isId(id), id);
});
