/** The messages of `sparkplug_b.proto` that are known here. */
export type MessageName =
  | "payload"
  | "metric"
  | "metaData"
  | "propertySet"
  | "propertyValue"
  | "propertySetList"
  | "dataSet"
  | "row"
  | "dataSetValue"
  | "template"
  | "parameter";

/** How a field is written: `uint32` and `uint64` as varints, the rest as its name says. */
export type FieldKind =
  | "uint32"
  | "uint64"
  | "bool"
  | "float"
  | "double"
  | "text"
  | "bytes"
  | MessageName;

/** One field of a message. */
export type Field = {
  /** Its name in the definition, in camel case. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Whether it may stand there several times. */
  readonly isRepeated?: true;
  /** Whether it is one of several of which only one may be there. */
  readonly isValue?: true;
};

/** The fields of a message by their numbers. */
export type Fields = Readonly<Record<number, Field>>;

/** Every message by its name (Sparkplug B 3.0, 6.3: the protocol buffers definition). */
export const MESSAGES: Readonly<Record<MessageName, Fields>> = {
  payload: {
    1: { name: "timestamp", kind: "uint64" },
    2: { name: "metrics", kind: "metric", isRepeated: true },
    3: { name: "seq", kind: "uint64" },
    4: { name: "uuid", kind: "text" },
    5: { name: "body", kind: "bytes" },
  },
  metric: {
    1: { name: "name", kind: "text" },
    2: { name: "alias", kind: "uint64" },
    3: { name: "timestamp", kind: "uint64" },
    4: { name: "datatype", kind: "uint32" },
    5: { name: "isHistorical", kind: "bool" },
    6: { name: "isTransient", kind: "bool" },
    7: { name: "isNull", kind: "bool" },
    8: { name: "metadata", kind: "metaData" },
    9: { name: "properties", kind: "propertySet" },
    10: { name: "intValue", kind: "uint32", isValue: true },
    11: { name: "longValue", kind: "uint64", isValue: true },
    12: { name: "floatValue", kind: "float", isValue: true },
    13: { name: "doubleValue", kind: "double", isValue: true },
    14: { name: "booleanValue", kind: "bool", isValue: true },
    15: { name: "stringValue", kind: "text", isValue: true },
    16: { name: "bytesValue", kind: "bytes", isValue: true },
    17: { name: "datasetValue", kind: "dataSet", isValue: true },
    18: { name: "templateValue", kind: "template", isValue: true },
    19: { name: "extensionValue", kind: "bytes", isValue: true },
  },
  metaData: {
    1: { name: "isMultiPart", kind: "bool" },
    2: { name: "contentType", kind: "text" },
    3: { name: "size", kind: "uint64" },
    4: { name: "seq", kind: "uint64" },
    5: { name: "fileName", kind: "text" },
    6: { name: "fileType", kind: "text" },
    7: { name: "md5", kind: "text" },
    8: { name: "description", kind: "text" },
  },
  propertySet: {
    1: { name: "keys", kind: "text", isRepeated: true },
    2: { name: "values", kind: "propertyValue", isRepeated: true },
  },
  propertyValue: {
    1: { name: "type", kind: "uint32" },
    2: { name: "isNull", kind: "bool" },
    3: { name: "intValue", kind: "uint32", isValue: true },
    4: { name: "longValue", kind: "uint64", isValue: true },
    5: { name: "floatValue", kind: "float", isValue: true },
    6: { name: "doubleValue", kind: "double", isValue: true },
    7: { name: "booleanValue", kind: "bool", isValue: true },
    8: { name: "stringValue", kind: "text", isValue: true },
    9: { name: "propertysetValue", kind: "propertySet", isValue: true },
    10: { name: "propertysetsValue", kind: "propertySetList", isValue: true },
    11: { name: "extensionValue", kind: "bytes", isValue: true },
  },
  propertySetList: { 1: { name: "propertyset", kind: "propertySet", isRepeated: true } },
  dataSet: {
    1: { name: "numOfColumns", kind: "uint64" },
    2: { name: "columns", kind: "text", isRepeated: true },
    3: { name: "types", kind: "uint32", isRepeated: true },
    4: { name: "rows", kind: "row", isRepeated: true },
  },
  row: { 1: { name: "elements", kind: "dataSetValue", isRepeated: true } },
  dataSetValue: {
    1: { name: "intValue", kind: "uint32", isValue: true },
    2: { name: "longValue", kind: "uint64", isValue: true },
    3: { name: "floatValue", kind: "float", isValue: true },
    4: { name: "doubleValue", kind: "double", isValue: true },
    5: { name: "booleanValue", kind: "bool", isValue: true },
    6: { name: "stringValue", kind: "text", isValue: true },
    7: { name: "extensionValue", kind: "bytes", isValue: true },
  },
  template: {
    1: { name: "version", kind: "text" },
    2: { name: "metrics", kind: "metric", isRepeated: true },
    3: { name: "parameters", kind: "parameter", isRepeated: true },
    4: { name: "templateRef", kind: "text" },
    5: { name: "isDefinition", kind: "bool" },
  },
  parameter: {
    1: { name: "name", kind: "text" },
    2: { name: "type", kind: "uint32" },
    3: { name: "intValue", kind: "uint32", isValue: true },
    4: { name: "longValue", kind: "uint64", isValue: true },
    5: { name: "floatValue", kind: "float", isValue: true },
    6: { name: "doubleValue", kind: "double", isValue: true },
    7: { name: "booleanValue", kind: "bool", isValue: true },
    8: { name: "stringValue", kind: "text", isValue: true },
    9: { name: "extensionValue", kind: "bytes", isValue: true },
  },
};
