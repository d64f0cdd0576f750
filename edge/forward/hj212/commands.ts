import type { Text } from "../../core/errors.ts";

/** One command. */
export type Command = {
  readonly name: Text;
  /** Who sends it: the centre, the field, or both, which is a request and what answers it. */
  readonly from: "centre" | "field" | "both";
  /** The edition that brought it; 2005 for those that 2017 took out again. */
  readonly edition: 2005 | 2017 | 2025;
};

type Row = readonly [from: Command["from"], en: string, zh: string, edition?: Command["edition"]];

/**
 * The commands by CN (HJ 212-2017, table 9). Those of 2025 are as public implementations that quote
 * the edition have them; those of 2005 are alarms, which 2017 took out.
 */
const ROWS: Readonly<Record<string, Row>> = {
  "1000": ["centre", "set time-out and number of repeats", "设置超时时间及重发次数"],
  "1001": ["field", "report the logger's hardware number", "上报数采仪硬件序列号", 2025],
  "1002": ["centre", "assign MN", "设置设备唯一标识", 2025],
  "1011": ["both", "read the field's clock", "提取现场机时间"],
  "1012": ["centre", "set the field's clock", "设置现场机时间"],
  "1013": ["field", "ask to have the clock set", "现场机时间校准请求"],
  "1014": ["centre", "new key", "更新密钥", 2025],
  "1061": ["both", "read the interval of real-time data", "提取实时数据间隔"],
  "1062": ["centre", "set the interval of real-time data", "设置实时数据间隔"],
  "1063": ["both", "read the interval of minute data", "提取分钟数据间隔"],
  "1064": ["centre", "set the interval of minute data", "设置分钟数据间隔"],
  "1072": ["centre", "set the password", "设置现场机密码"],
  "2011": ["both", "real-time data", "污染物实时数据"],
  "2012": ["centre", "stop real-time data", "停止察看污染物实时数据"],
  "2013": ["field", "raw data", "原始数据", 2025],
  "2021": ["both", "state of equipment", "设备运行状态数据"],
  "2022": ["centre", "stop the state of equipment", "停止察看设备运行状态"],
  "2031": ["both", "daily data", "污染物日历史数据"],
  "2041": ["both", "daily run time of equipment", "设备运行时间日历史数据"],
  "2051": ["both", "minute data", "污染物分钟数据"],
  "2052": ["field", "single noise event", "单次噪声事件", 2025],
  "2061": ["both", "hourly data", "污染物小时数据"],
  "2062": ["field", "automatic check against a standard", "自动标样核查数据", 2025],
  "2071": ["both", "alarm record", "报警记录", 2005],
  "2072": ["field", "alarm event", "上传报警事件", 2005],
  "2081": ["field", "the logger's start time", "上传数采仪开机时间"],
  "2111": ["field", "five-minute mean of the furnace", "炉膛五分钟均值", 2025],
  "3011": ["centre", "zero and span calibration", "零点校准量程校准"],
  "3012": ["centre", "sample now", "即时采样"],
  "3013": ["centre", "wash or blow back", "启动清洗/反吹"],
  "3014": ["centre", "comparison sample", "比对采样"],
  "3015": ["both", "keep a sample that is over its limit", "超标留样"],
  "3016": ["centre", "set the sampling period", "设置采样时间周期"],
  "3017": ["both", "read the sampling period", "提取采样时间周期"],
  "3018": ["both", "read the time until a sample comes out", "提取出样时间"],
  "3019": ["both", "identity of instruments", "提取设备唯一标识"],
  "3020": ["both", "information of the field: log, state, parameters", "提取现场机信息"],
  "3021": ["centre", "set a parameter of the field", "设置现场机参数"],
  "3022": ["centre", "keep a sample now", "即时留样", 2025],
  "3024": ["centre", "start a check against a standard", "启动标样核查", 2025],
  "9011": ["field", "answer to a request", "请求应答"],
  "9012": ["field", "result of execution", "执行结果"],
  "9013": ["both", "answer to a notice", "通知应答"],
  "9014": ["both", "answer to data", "数据应答"],
  "9015": ["field", "heartbeat", "心跳", 2025],
};

/** The command `cn`; null where there is none. */
export function commandOf(cn: string): Command | null {
  const row = Object.hasOwn(ROWS, cn) ? ROWS[cn] : undefined;
  if (row === undefined) return null;
  const [from, en, zh, edition = 2017] = row;
  return { name: { en, "zh-CN": zh }, from, edition };
}

/** Every CN there is. */
export const COMMANDS: readonly string[] = Object.keys(ROWS);
