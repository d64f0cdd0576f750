import type { Text } from "../../core/errors.ts";

/** What kind of text a value is. */
export type ValueKind = "number" | "time" | "mark" | "text";

/** What stands behind the dash of a data name: `Rtd` in `w01018-Rtd`. */
export type DataField = { readonly kind: ValueKind; readonly name: Text };

/** The fields of a factor and of a device (HJ 212-2017, table 8 and Annex C). */
export const DATA_FIELDS: Readonly<Record<string, DataField>> = {
  SampleTime: field("time", "sampled at", "采样时间"),
  Rtd: field("number", "real-time value", "实时值"),
  Min: field("number", "least", "最小值"),
  Avg: field("number", "mean", "平均值"),
  Max: field("number", "greatest", "最大值"),
  Cou: field("number", "total", "累计值"),
  ZsRtd: field("number", "real-time value, converted", "实时折算值"),
  ZsMin: field("number", "least, converted", "折算最小值"),
  ZsAvg: field("number", "mean, converted", "折算平均值"),
  ZsMax: field("number", "greatest, converted", "折算最大值"),
  Flag: field("mark", "mark", "数据标记"),
  EFlag: field("text", "mark of the maker", "设备标志"),
  Data: field("number", "sound level at that time", "噪声监测时段数据"),
  DayData: field("number", "sound level by day", "噪声昼间数据"),
  NightData: field("number", "sound level by night", "噪声夜间数据"),
  RS: field("number", "state of equipment", "设备运行状态"),
  RT: field("number", "run time in the day, h", "设备日运行时间"),
  Info: field("text", "information", "现场信息"),
  SN: field("text", "identity", "在线监控（监测）仪器仪表编码"),
};

function field(kind: ValueKind, en: string, zh: string): DataField {
  return { kind, name: { en, "zh-CN": zh } };
}

/** What a mark says of its value (HJ 212-2017, table 8, `-Flag`). */
export const MARKS: Readonly<Record<string, Text>> = {
  N: { en: "normal", "zh-CN": "正常" },
  F: { en: "stopped", "zh-CN": "停运" },
  M: { en: "maintenance", "zh-CN": "维护" },
  S: { en: "entered by hand", "zh-CN": "手工输入" },
  D: { en: "instrument fault", "zh-CN": "故障" },
  C: { en: "calibrating", "zh-CN": "校准" },
  T: { en: "above the range", "zh-CN": "超测上限" },
  B: { en: "instrument does not answer", "zh-CN": "通讯异常" },
};

/** What `SBx-RS` says of a piece of equipment (HJ 212-2017, table 8). */
export const EQUIPMENT_STATES: Readonly<Record<string, Text>> = {
  "0": { en: "off", "zh-CN": "关闭" },
  "1": { en: "running", "zh-CN": "运行" },
  "2": { en: "calibrating", "zh-CN": "校准" },
  "3": { en: "maintenance", "zh-CN": "维护" },
  "4": { en: "alarm", "zh-CN": "报警" },
  "5": { en: "blowing back", "zh-CN": "反吹" },
};

/** The parameters of commands (HJ 212-2017, table 8). */
export const PARAMETERS: Readonly<Record<string, DataField>> = {
  SystemTime: field("time", "the clock says", "系统时间"),
  DataTime: field("time", "time of the data", "数据时间"),
  BeginTime: field("time", "from", "开始时间"),
  EndTime: field("time", "to", "截止时间"),
  RestartTime: field("time", "started at", "数采仪开机时间"),
  SampleTime: field("time", "sampled at", "采样时间"),
  PolId: field("text", "factor", "污染因子编码"),
  InfoId: field("text", "information", "现场信息编码"),
  OverTime: field("number", "time-out, s", "超时时间"),
  ReCount: field("number", "repeats", "重发次数"),
  RtdInterval: field("number", "interval of real-time data, s", "实时数据上报间隔"),
  MinInterval: field("number", "interval of minute data, min", "分钟数据上报间隔"),
  NewPW: field("text", "new password", "新密码"),
  QnRtn: field("text", "answer", "请求应答结果"),
  ExeRtn: field("text", "result", "执行结果"),
  VaseNo: field("number", "sampling bottle", "采样瓶编号"),
  CstartTime: field("text", "first sample at, hhmmss", "设备采样起始时间"),
  Ctime: field("number", "sampling period, h", "采样周期"),
  Stime: field("number", "time until a sample comes out, min", "出样时间"),
};

/** What `name` is when it has a dash: the code before the last one, and the field behind it. */
export function partsOf(name: string): { readonly code: string; readonly field: string } | null {
  const dash = name.lastIndexOf("-");
  return dash < 1 ? null : { code: name.slice(0, dash), field: name.slice(dash + 1) };
}

/** The field that a data name such as `w01018-Rtd` ends with; null where it is none of them. */
export function fieldOf(name: string): DataField | null {
  const field = partsOf(name)?.field ?? "";
  return Object.hasOwn(DATA_FIELDS, field) ? (DATA_FIELDS[field] as DataField) : null;
}

/** What kind of value the parameter `name` has; null where it is none of the table. */
export function kindOfParameter(name: string): ValueKind | null {
  return Object.hasOwn(PARAMETERS, name) ? (PARAMETERS[name] as DataField).kind : null;
}
