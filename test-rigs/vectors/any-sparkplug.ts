import fc from "fast-check";
import type { Metric, Payload, PropertySet } from "../../edge/forward/sparkplug/payload.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
/** As it is read: a `bigint` only beyond 2^53 - 1. */
const uint64 = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }));
const float = fc.float({ noNaN: true });
const double = fc.double({ noNaN: true });

const plainValue = fc.oneof(
  fc.record({ intValue: uint32 }),
  fc.record({ longValue: uint64 }),
  fc.record({ floatValue: float }),
  fc.record({ doubleValue: double }),
  fc.record({ booleanValue: fc.boolean() }),
  fc.record({ stringValue: text }),
);

const propertyValue = fc
  .tuple(fc.record({ type: uint32, isNull: fc.boolean() }, { requiredKeys: [] }), plainValue)
  .map(([head, value]) => ({ ...head, ...value }));

const propertySet: fc.Arbitrary<PropertySet> = fc.record({
  keys: fc.array(text, { minLength: 1, maxLength: 3 }),
  values: fc.array(propertyValue, { minLength: 1, maxLength: 3 }),
});

const dataSet = fc.record({
  numOfColumns: uint64,
  columns: fc.array(text, { minLength: 1, maxLength: 3 }),
  types: fc.array(uint32, { minLength: 1, maxLength: 3 }),
  rows: fc.array(fc.record({ elements: fc.array(plainValue, { minLength: 1, maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

const head = fc.record(
  {
    name: text,
    alias: uint64,
    timestamp: uint64,
    datatype: uint32,
    isHistorical: fc.boolean(),
    isTransient: fc.boolean(),
    isNull: fc.boolean(),
    properties: propertySet,
  },
  { requiredKeys: [] },
);

const { metric } = fc.letrec<{ metric: Metric }>((tie) => ({
  metric: fc
    .tuple(
      head,
      fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        plainValue,
        fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }) }),
        fc.record({ datasetValue: dataSet }),
        fc.record({
          templateValue: fc.record(
            {
              version: text,
              metrics: fc.array(tie("metric"), { minLength: 1, maxLength: 2 }),
              templateRef: text,
              isDefinition: fc.boolean(),
            },
            { requiredKeys: [] },
          ),
        }),
      ),
    )
    .map(([fields, value]) => ({ ...fields, ...value })),
}));

/** Any payload of Sparkplug B that can be written, sensible or not. */
export const anyPayload: fc.Arbitrary<Payload> = fc.record(
  {
    timestamp: uint64,
    metrics: fc.array(metric, { minLength: 1, maxLength: 5 }),
    seq: uint64,
    uuid: text,
    body: fc.uint8Array({ maxLength: 20 }),
  },
  { requiredKeys: [] },
);
