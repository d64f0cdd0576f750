import test from "ava";
import { DATA_TYPES } from "../forward/sparkplug/data-types.ts";
import { encodePayload } from "../forward/sparkplug/encode.ts";
import type { Payload } from "../forward/sparkplug/payload.ts";
import { tellSparkplug } from "./decode-sparkplug.ts";
import type { Told } from "./decode-told.ts";

const AT = 1_763_964_000_000;
const BIRTH = "spBv1.0/city/DBIRTH/gw-0001/gas-1";
const payload: Payload = {
  timestamp: AT + 500,
  seq: 1,
  metrics: [
    {
      name: "gas",
      alias: 3,
      timestamp: AT,
      datatype: DATA_TYPES.Int16,
      intValue: 0xffff_fffe,
      properties: {
        keys: ["Quality", "engUnit"],
        values: [
          { type: DATA_TYPES.Int32, intValue: 500 },
          { type: DATA_TYPES.String, stringValue: "%[LEL]" },
        ],
      },
    },
  ],
};
const row = ({ rows }: Told, name: string) => rows.find(([each]) => each === name);

test("metrics stand by their names, with value, type, alias, time and properties", (t) => {
  const told = tellSparkplug(encodePayload(payload), "en", BIRTH);
  t.is(told.summary, "DBIRTH of city/gw-0001/gas-1: birth of a device");
  t.deepEqual(row(told, "gas"), ["gas", "-2", "Int16, alias 3, 2025-11-24T06:00:00.000Z"]);
  t.is(row(told, "gas: Quality")?.[1], "500");
  t.is(row(told, "gas: engUnit")?.[1], "%[LEL]");
  t.is(row(told, "seq")?.[1], "1");
  t.deepEqual(told.faults, []);
  t.is(
    tellSparkplug(encodePayload(payload), "zh-CN", BIRTH).summary,
    "city/gw-0001/gas-1 的 DBIRTH：设备上线",
  );
});

test("a program gets type, topic, metrics and what they carry", (t) => {
  const { json } = tellSparkplug(encodePayload(payload), "en", BIRTH);
  t.like(json, { framing: "sparkplug", topic: BIRTH, type: "DBIRTH", crcValid: null, seq: 1 });
  const [gas] = (json as { metrics: object[] }).metrics;
  t.like(gas, { name: "gas", alias: 3, type: "Int16", value: -2, historical: false });
});

test("without a topic only what holds for every message is held against a payload", (t) => {
  const bytes = encodePayload({ metrics: [{ alias: 3, intValue: 1 }] });
  t.deepEqual(tellSparkplug(bytes, "en").faults, []);
  const faults = tellSparkplug(bytes, "en", BIRTH).faults.map(({ text }) => text);
  t.deepEqual(faults, [
    "in a birth #3 needs a name",
    "in a birth #3 needs a data type",
    "#3 needs a timestamp",
    "a DBIRTH needs a seq",
    "a DBIRTH needs a timestamp",
  ]);
});

test("what a host says of itself is told, and what is none", (t) => {
  const of = (text: string) => tellSparkplug(Buffer.from(text), "en", "spBv1.0/STATE/scada");
  const told = of('{"online":false,"timestamp":1763964000000}');
  t.is(told.summary, "state of host scada");
  t.deepEqual(row(told, "online"), ["online", "false", "offline"]);
  t.deepEqual(told.faults, []);
  t.is(of("OFFLINE").faults[0]?.kind, "host-state");
});

test("a time beyond any calendar and a value that is no number do no harm", (t) => {
  const odd = { timestamp: 2n ** 63n, metrics: [{ name: "x", doubleValue: Number.NaN }] };
  const told = tellSparkplug(encodePayload(odd), "en");
  t.is(row(told, "x")?.[1], "NaN");
  t.is(row(told, "timestamp")?.[2], "");
});
