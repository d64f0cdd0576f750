import type { Text } from "../core/errors.ts";
import type { FaultKind, NoteKind } from "../forward/sparkplug/remarks.ts";
import { type Say, speaker } from "./language.ts";

/** What is wrong with a payload of Sparkplug B. */
const FAULTS = {
  truncated: {
    en: "it ends {missing} bytes too early for {name}",
    "zh-CN": "{name} 缺少 {missing} 字节",
  },
  "number-long": {
    en: "the number in {name} has too many bits",
    "zh-CN": "{name} 的数值位数过多",
  },
  "wire-type": {
    en: "{name} has wire type {found}, its own is {wanted}",
    "zh-CN": "{name} 的线路类型为 {found}，应为 {wanted}",
  },
  "no-wire-type": { en: "there is no wire type {found}", "zh-CN": "没有线路类型 {found}" },
  "field-zero": { en: "there is no field 0", "zh-CN": "没有编号为 0 的字段" },
  "not-utf8": { en: "{name} is no UTF-8", "zh-CN": "{name} 不是 UTF-8" },
  "too-deep": {
    en: "more than {max} messages stand within each other",
    "zh-CN": "消息嵌套超过 {max} 层",
  },
  "value-twice": { en: "{name} is one value too many", "zh-CN": "{name} 为多余的值" },
  "no-name": {
    en: "a metric has neither a name nor an alias",
    "zh-CN": "有度量既无名称也无别名",
  },
  "no-value": {
    en: "{name} has neither a value nor is_null",
    "zh-CN": "{name} 既无值也无 is_null",
  },
  "null-with-value": {
    en: "{name} has is_null and a value as well",
    "zh-CN": "{name} 同时有 is_null 和值",
  },
  "data-type": {
    en: "{name} has data type {given}, which there is not",
    "zh-CN": "{name} 的数据类型 {given} 不存在",
  },
  "value-field": {
    en: "{name} is of type {type}, whose value does not belong in {field}",
    "zh-CN": "{name} 的类型为 {type}，其值不应在 {field} 中",
  },
  "value-range": {
    en: "{name} is of type {type}, which does not have the value {given}",
    "zh-CN": "{name} 的类型为 {type}，不能取值 {given}",
  },
  "property-count": {
    en: "{name} has {keys} keys of properties and {values} values",
    "zh-CN": "{name} 有 {keys} 个属性键、{values} 个属性值",
  },
  quality: {
    en: "the property Quality of {name} is no Int32 of 0, 192 or 500",
    "zh-CN": "{name} 的属性 Quality 不是取值 0、192 或 500 的 Int32",
  },
  "alias-twice": {
    en: "{name} has the alias {alias} of another metric",
    "zh-CN": "{name} 的别名 {alias} 已属于另一度量",
  },
  "seq-range": { en: "seq is {seq}, not 0 to 255", "zh-CN": "seq 为 {seq}，应为 0 至 255" },
  "seq-needless": { en: "a {type} has no seq", "zh-CN": "{type} 不应有 seq" },
  "seq-missing": { en: "a {type} needs a seq", "zh-CN": "{type} 缺少 seq" },
  "seq-not-zero": {
    en: "seq is {seq}; that of an NBIRTH is 0",
    "zh-CN": "seq 为 {seq}，NBIRTH 应为 0",
  },
  "time-missing": { en: "a {type} needs a timestamp", "zh-CN": "{type} 缺少时间戳" },
  "bdseq-missing": { en: "a {type} needs the metric bdSeq", "zh-CN": "{type} 缺少度量 bdSeq" },
  "bdseq-not-alone": {
    en: "an NDEATH has no metric but bdSeq",
    "zh-CN": "NDEATH 只应有度量 bdSeq",
  },
  "birth-name": { en: "in a birth {name} needs a name", "zh-CN": "出生报文中 {name} 缺少名称" },
  "birth-type": {
    en: "in a birth {name} needs a data type",
    "zh-CN": "出生报文中 {name} 缺少数据类型",
  },
  "metric-time": { en: "{name} needs a timestamp", "zh-CN": "{name} 缺少时间戳" },
  "host-state": {
    en: "a STATE is JSON with online (true or false) and timestamp (Unix milliseconds)",
    "zh-CN": "STATE 应为 JSON，含 online（true 或 false）和 timestamp（Unix 毫秒）",
  },
} as const satisfies Readonly<Record<FaultKind, Text>>;

/** What departs from Sparkplug B 3.0. */
const NOTES = {
  "field-unknown": {
    en: "Sparkplug B 3.0 has no field {number} in {message}",
    "zh-CN": "Sparkplug B 3.0 的 {message} 中没有字段 {number}",
  },
} as const satisfies Readonly<Record<NoteKind, Text>>;

/** The other words about a payload. */
const WORDS = {
  summary: { en: "{type} of {id}", "zh-CN": "{id} 的 {type}" },
  unnamed: { en: "a payload of Sparkplug B", "zh-CN": "Sparkplug B 载荷" },
  NBIRTH: { en: "birth of an edge node", "zh-CN": "边缘节点上线" },
  NDEATH: { en: "death of an edge node", "zh-CN": "边缘节点离线" },
  NDATA: { en: "data of an edge node", "zh-CN": "边缘节点数据" },
  NCMD: { en: "command to an edge node", "zh-CN": "边缘节点命令" },
  DBIRTH: { en: "birth of a device", "zh-CN": "设备上线" },
  DDEATH: { en: "death of a device", "zh-CN": "设备离线" },
  DDATA: { en: "data of a device", "zh-CN": "设备数据" },
  DCMD: { en: "command to a device", "zh-CN": "设备命令" },
  state: { en: "state of host {host}", "zh-CN": "主机 {host} 的状态" },
  online: { en: "online", "zh-CN": "在线" },
  offline: { en: "offline", "zh-CN": "离线" },
  timestamp: { en: "timestamp", "zh-CN": "时间戳" },
  historical: { en: "historical", "zh-CN": "历史值" },
  transient: { en: "transient", "zh-CN": "瞬态" },
  null: { en: "no value", "zh-CN": "无值" },
  alias: { en: "alias {alias}", "zh-CN": "别名 {alias}" },
  dataSet: {
    en: "data set of {columns} columns and {rows} rows",
    "zh-CN": "数据集，{columns} 列 {rows} 行",
  },
  definition: {
    en: "definition of a template with {metrics} metrics",
    "zh-CN": "模板定义，含 {metrics} 个度量",
  },
  instance: {
    en: "instance of template {ref} with {metrics} metrics",
    "zh-CN": "模板 {ref} 的实例，含 {metrics} 个度量",
  },
  bytes: { en: "{count} bytes", "zh-CN": "{count} 字节" },
} as const satisfies Readonly<Record<string, Text>>;

/** Says what is wrong. */
export const saySparkplugFault: Say<FaultKind> = speaker(FAULTS);

/** Says what departs from the specification. */
export const saySparkplugNote: Say<NoteKind> = speaker(NOTES);

/** Says the other words. */
export const saySparkplug: Say<keyof typeof WORDS> = speaker(WORDS);
