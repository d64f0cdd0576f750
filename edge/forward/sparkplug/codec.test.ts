import test from "ava";
import fc from "fast-check";
import { get } from "sparkplug-payload";
import { anyPayload } from "../../../test-rigs/vectors/any-sparkplug.ts";
import { faultsOf } from "./checks.ts";
import { DATA_TYPES, type DataType, fieldOf, rawOf, valueIn } from "./data-types.ts";
import { decodePayload } from "./decode.ts";
import { encodePayload } from "./encode.ts";
import { carriedBy, type Metric, type Payload } from "./payload.ts";

/** Eclipse Tahu's own codec, over protobufjs: the independent reader and writer. */
const tahu = get("spBv1.0")!;

const metric = (datatype: number, rest: Partial<Metric> = {}): Metric => ({
  name: "a",
  timestamp: 1_763_964_000_000,
  datatype,
  ...rest,
});

const value = (type: DataType, of: number | bigint | boolean | string): Metric =>
  metric(DATA_TYPES[type], { [fieldOf(type)]: rawOf(type, of) as never });

test("a value of every plain type is read by Eclipse Tahu as it was meant", (t) => {
  const values: readonly (readonly [DataType, number | bigint | boolean | string])[] = [
    ["Int8", -128],
    ["Int16", -2],
    ["Int32", -2_147_483_648],
    ["Int64", -5],
    ["Int64", -(2n ** 63n)],
    ["UInt8", 255],
    ["UInt16", 65_535],
    ["UInt64", 2n ** 64n - 1n],
    ["UInt64", 2 ** 40],
    ["Float", 0.5],
    ["Double", 1.2],
    ["Boolean", false],
    ["String", "水位"],
  ];
  for (const [type, given] of values) {
    const bytes = encodePayload({ timestamp: 1, metrics: [value(type, given)], seq: 3 });
    const read = tahu.decodePayload(bytes).metrics?.[0]?.value;
    const plain = typeof read === "object" && read !== null ? String(read) : read;
    t.is(String(plain), String(given), type);
    t.is(valueIn(type, carriedBy(decodePayload(bytes).payload.metrics![0]!)!), given);
  }
});

test("a UInt32 is taken from either field: implementations disagree about its own", (t) => {
  const metrics = [{ intValue: 4_294_967_295 }, { longValue: 4_294_967_295 }].map((carried) =>
    metric(DATA_TYPES.UInt32, carried),
  );
  t.deepEqual(faultsOf({ metrics }, null), []);
  t.deepEqual(
    metrics.map((each) => valueIn("UInt32", carriedBy(each)!)),
    [4_294_967_295, 4_294_967_295],
  );
});

test("a type does not hold what it cannot, and says so", (t) => {
  t.is(rawOf("Int8", 128), null);
  t.is(rawOf("UInt16", -1), null);
  t.is(rawOf("Int32", 0.5), null);
  t.is(rawOf("UInt64", 2n ** 64n), null);
  t.is(rawOf("Float", 1e39), null);
  t.is(rawOf("Boolean", 1), null);
  t.is(rawOf("String", 1), null);
  t.is(rawOf("Double", "1"), null);
  t.is(valueIn("UInt8", 256), null);
  t.is(valueIn("Boolean", 1), null);
});

test("a Float is told by the shortest number that it stands for", (t) => {
  t.is(valueIn("Float", Math.fround(0.1)), 0.1);
  t.is(valueIn("Float", Math.fround(16_777_217)), 16_777_216);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (float) => {
      // JSON knows no -0.
      t.is(Math.fround(Number(valueIn("Float", float))) + 0, float + 0);
    }),
  );
});

test("what is written is read again, field for field, whatever it is", (t) => {
  fc.assert(
    fc.property(anyPayload, (payload) => {
      const { payload: read, faults, notes } = decodePayload(encodePayload(payload));
      t.deepEqual([faults, notes], [[], []]);
      t.deepEqual(read, payload);
    }),
  );
});

test("Eclipse Tahu reads what is written here, with quality, unit and history", (t) => {
  const payload: Payload = {
    timestamp: 1_763_964_000_500,
    metrics: [
      {
        name: "gas",
        alias: 300,
        timestamp: 1_763_964_000_000,
        datatype: DATA_TYPES.Double,
        isHistorical: true,
        isNull: true,
        properties: {
          keys: ["Quality", "engUnit"],
          values: [
            { type: DATA_TYPES.Int32, intValue: 0 },
            { type: DATA_TYPES.String, stringValue: "%[LEL]" },
          ],
        },
      },
    ],
    seq: 255,
  };
  const read = tahu.decodePayload(encodePayload(payload));
  t.is(Number(read.timestamp), 1_763_964_000_500);
  t.is(Number(read.seq), 255);
  const [gas] = read.metrics ?? [];
  t.like(gas, { name: "gas", type: "Double", isHistorical: true, value: null });
  t.is(Number(gas?.alias), 300);
  t.deepEqual(gas?.properties, {
    Quality: { type: "Int32", value: 0 },
    engUnit: { type: "String", value: "%[LEL]" },
  });
});

test("what Eclipse Tahu writes is read here, data sets and templates too", (t) => {
  const bytes = tahu.encodePayload({
    timestamp: 1,
    seq: 0,
    metrics: [
      {
        name: "table",
        type: "DataSet",
        value: {
          numOfColumns: 2,
          columns: ["a", "b"],
          types: ["Int32", "String"],
          rows: [[-1, "x"]],
        },
      },
      {
        name: "pump",
        type: "Template",
        value: {
          isDefinition: true,
          version: "1",
          metrics: [{ name: "on", type: "Boolean", value: true }],
          parameters: [{ name: "size", type: "Int32", value: 7 }],
        },
      },
    ],
  });
  const { payload, faults, notes } = decodePayload(bytes);
  t.deepEqual([faults, notes], [[], []]);
  const [table, pump] = payload.metrics ?? [];
  t.deepEqual(table?.datasetValue?.columns, ["a", "b"]);
  t.is(table?.datasetValue?.rows?.[0]?.elements?.length, 2);
  t.like(pump?.templateValue, { isDefinition: true, version: "1" });
  t.is(pump?.templateValue?.metrics?.[0]?.booleanValue, true);
});

test("every kind of damage to the bytes is told with its place", (t) => {
  const of = (hex: string) =>
    decodePayload(Buffer.from(hex, "hex")).faults.map(({ kind, at }) => `${kind} ${at}`);
  t.deepEqual(of("08"), ["truncated 2"]);
  t.deepEqual(of("0801120a0a0161"), ["truncated 4"]);
  t.deepEqual(of("08ffffffffffffffffff7f"), ["number-long 2"]);
  t.deepEqual(of("12062080808080100801"), ["number-long 4"]);
  t.deepEqual(of("0d00000000"), ["wire-type 1"]);
  t.deepEqual(of("0b"), ["wire-type 1", "no-wire-type 1"]);
  t.deepEqual(of("0001"), ["field-zero 1"]);
  t.deepEqual(of("12030a01ff"), ["not-utf8 4"]);
  t.deepEqual(of("1204700150011801"), ["value-twice 5"]);
  t.deepEqual(decodePayload(Buffer.from("3001", "hex")).notes[0]?.data, {
    message: "payload",
    number: 6,
  });
  const deep = Array.from({ length: 40 }).reduce<Metric>(
    (inner) => ({ templateValue: { metrics: [inner] } }),
    { name: "a" },
  );
  const { faults } = decodePayload(encodePayload({ metrics: [deep] }));
  t.is(faults[0]?.kind, "too-deep");
});

test("what a payload may not say is told, by the message that it is in", (t) => {
  const of = (payload: Payload, type: Parameters<typeof faultsOf>[1] = null) =>
    faultsOf(payload, type).map(({ kind }) => kind);
  t.deepEqual(of({ metrics: [{ intValue: 1 }] }), ["no-name"]);
  t.deepEqual(of({ metrics: [{ alias: 1 }] }), ["no-value"]);
  t.deepEqual(of({ metrics: [{ alias: 1, isNull: true, intValue: 1 }] }), ["null-with-value"]);
  t.deepEqual(of({ metrics: [metric(35, { intValue: 1 })] }), ["data-type"]);
  t.deepEqual(of({ metrics: [metric(DATA_TYPES.Int32, { doubleValue: 1 })] }), ["value-field"]);
  t.deepEqual(of({ metrics: [metric(DATA_TYPES.UInt8, { intValue: 256 })] }), ["value-range"]);
  const properties = { keys: ["Quality"], values: [{ type: 3, intValue: 193 }, { type: 3 }] };
  t.deepEqual(of({ metrics: [metric(3, { intValue: 1, properties })] }), [
    "property-count",
    "quality",
  ]);
  const twice = [value("Int8", 1), value("Int8", 1)].map((each, index) => ({
    ...each,
    name: `m${index}`,
    alias: 7,
  }));
  t.deepEqual(of({ metrics: twice }), ["alias-twice"]);
  t.deepEqual(of({ seq: 256 }), ["seq-range"]);
  t.deepEqual(of({ timestamp: 1, seq: 1 }, "NBIRTH"), ["seq-not-zero", "bdseq-missing"]);
  t.deepEqual(of({ timestamp: 1 }, "DDATA"), ["seq-missing"]);
  t.deepEqual(of({ seq: 1, metrics: [{ name: "x", intValue: 1 }] }, "NDEATH"), [
    "seq-needless",
    "bdseq-missing",
  ]);
  t.deepEqual(of({ seq: 1, metrics: [{ alias: 1, intValue: 1 }] }, "DBIRTH"), [
    "birth-name",
    "birth-type",
    "metric-time",
    "time-missing",
  ]);
  t.deepEqual(of({ timestamp: 1, metrics: [{ name: "x", intValue: 1 }] }, "DCMD"), []);
});
