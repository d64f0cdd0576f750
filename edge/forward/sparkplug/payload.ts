import type { Raw } from "./data-types.ts";

/** A whole number: a `bigint` only beyond 2^53 - 1. */
export type Whole = number | bigint;

/** The value of a metric or of a property; at most one of the fields is there. */
export type Carried = {
  readonly intValue?: number;
  readonly longValue?: Whole;
  readonly floatValue?: number;
  readonly doubleValue?: number;
  readonly booleanValue?: boolean;
  readonly stringValue?: string;
  readonly bytesValue?: Uint8Array;
  readonly extensionValue?: Uint8Array;
};

/** One property's value. */
export type PropertyValue = Carried & {
  /** Number of its data type. */
  readonly type?: number;
  readonly isNull?: boolean;
  readonly propertysetValue?: PropertySet;
  readonly propertysetsValue?: { readonly propertyset?: readonly PropertySet[] };
};

/** Properties of a metric: as many values as keys, in the same order. */
export type PropertySet = {
  readonly keys?: readonly string[];
  readonly values?: readonly PropertyValue[];
};

/** A table of values. */
export type DataSet = {
  readonly numOfColumns?: Whole;
  readonly columns?: readonly string[];
  readonly types?: readonly number[];
  readonly rows?: readonly { readonly elements?: readonly Carried[] }[];
};

/** A definition of a template, or an instance of one. */
export type Template = {
  readonly version?: string;
  readonly metrics?: readonly Metric[];
  readonly parameters?: readonly (Carried & { readonly name?: string; readonly type?: number })[];
  readonly templateRef?: string;
  readonly isDefinition?: boolean;
};

/** One metric of a payload. */
export type Metric = Carried & {
  readonly name?: string;
  /** What stands for the name behind a birth. */
  readonly alias?: Whole;
  /** When the value was acquired, in Unix milliseconds. */
  readonly timestamp?: Whole;
  /** Number of its data type. */
  readonly datatype?: number;
  /** The value was acquired earlier and is not the current one. */
  readonly isHistorical?: boolean;
  readonly isTransient?: boolean;
  /** There is no value. */
  readonly isNull?: boolean;
  readonly metadata?: object;
  readonly properties?: PropertySet;
  readonly datasetValue?: DataSet;
  readonly templateValue?: Template;
};

/** What a Sparkplug B message says, as `sparkplug_b.proto` has it. */
export type Payload = {
  /** When it was published, in Unix milliseconds. */
  readonly timestamp?: Whole;
  readonly metrics?: readonly Metric[];
  /** 0 to 255. */
  readonly seq?: Whole;
  readonly uuid?: string;
  readonly body?: Uint8Array;
};

/** The plain value that a metric, a property or a parameter carries; undefined where none. */
export function carriedBy(carrier: Carried): Raw | undefined {
  return (
    carrier.intValue ??
    carrier.longValue ??
    carrier.floatValue ??
    carrier.doubleValue ??
    carrier.booleanValue ??
    carrier.stringValue
  );
}
