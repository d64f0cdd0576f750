import type { Text } from "../../core/errors.ts";
import type { Direction } from "./marks.ts";

/**
 * How a body is built behind serial number and time (SL 651-2014, 6.6.4):
 *
 * - `elements`: station, times of observation and elements
 * - `uniform`: the same, with many data of one element at equal steps of time
 * - `identifiers`: what is asked for, without data
 * - `span`: from when to when, the step, and what is asked for
 * - `parameters`: parameters of the station, with data
 * - `version`, `counters`: text behind its length; 32 counters of two bytes
 * - `opaque`: bytes of which no more is told
 */
export type Layout =
  | "elements"
  | "uniform"
  | "identifiers"
  | "span"
  | "parameters"
  | "version"
  | "counters"
  | "opaque";

/** One function. */
export type StationFunction = {
  readonly name: Text;
  readonly layout: Readonly<Record<Direction, Layout>>;
  /** Whether the station's class stands behind its address. */
  readonly hasClass: boolean;
  /** Whether identifiers name parameters of the station and not elements. */
  readonly isOfParameters: boolean;
};

type Row = readonly [en: string, zh: string, up: Layout, down: Layout, hasClass?: "class"];

/** The functions (SL 651-2014, table B.1); E0 to FF are free, the others are reserved. */
const ROWS: Readonly<Record<number, Row>> = {
  47: ["link keep-alive", "链路维持报", "elements", "elements"],
  48: ["test report", "测试报", "elements", "elements", "class"],
  49: ["report at equal steps", "均匀时段水文信息报", "uniform", "elements", "class"],
  50: ["timed report", "遥测站定时报", "elements", "elements", "class"],
  51: ["extra report", "遥测站加报报", "elements", "elements", "class"],
  52: ["hourly report", "遥测站小时报", "elements", "elements", "class"],
  53: ["report entered by hand", "遥测站人工置数报", "elements", "elements"],
  54: ["picture", "遥测站图片报/查询图片采集信息", "elements", "elements", "class"],
  55: ["query of real-time data", "查询遥测站实时数据", "elements", "elements", "class"],
  56: ["query of a span of time", "查询遥测站时段数据", "uniform", "span", "class"],
  57: ["query of what was entered by hand", "查询遥测站人工置数", "elements", "elements"],
  58: ["query of named elements", "查询遥测站指定要素", "elements", "identifiers", "class"],
  64: ["write the basic configuration", "修改遥测站基本配置表", "parameters", "parameters"],
  65: ["read the basic configuration", "读取遥测站基本配置表", "parameters", "identifiers"],
  66: ["write running parameters", "修改遥测站运行参数配置表", "parameters", "parameters"],
  67: ["read running parameters", "读取遥测站运行参数配置表", "parameters", "identifiers"],
  68: ["query of pump motors", "查询水泵电机实时工作数据", "elements", "elements", "class"],
  69: ["software version", "查询遥测终端软件版本", "version", "elements"],
  70: ["state and alarms", "查询遥测站状态和报警信息", "elements", "elements"],
  71: ["erase the storage", "初始化固态存储数据", "identifiers", "identifiers"],
  72: ["back to factory settings", "恢复终端出厂设置", "identifiers", "identifiers"],
  73: ["change the password", "修改密码", "parameters", "parameters"],
  74: ["set the clock", "设置遥测站时钟", "elements", "elements"],
  75: ["set the IC card's state", "设置遥测终端IC卡状态", "elements", "elements"],
  76: ["pumps on or off", "控制水泵开关/水泵状态自报", "opaque", "opaque"],
  77: ["valves open or shut", "控制阀门开关/阀门状态自报", "opaque", "opaque"],
  78: ["gates open or shut", "控制闸门开关/闸门状态自报", "opaque", "opaque"],
  79: ["limit the volume", "水量定值控制", "opaque", "opaque"],
  80: ["event record", "查询遥测站事件记录", "counters", "elements"],
  81: ["read the clock", "查询遥测站时钟", "elements", "elements"],
};

const OF_PARAMETERS: readonly number[] = [0x40, 0x41, 0x42, 0x43, 0x47, 0x48, 0x49];

/** The function of this code; null for one that is reserved or free. */
export function functionOf(code: number): StationFunction | null {
  const row = ROWS[code];
  if (row === undefined) return null;
  const [en, zh, up, down, mark] = row;
  return {
    name: { en, "zh-CN": zh },
    layout: { up, down },
    hasClass: mark === "class",
    isOfParameters: OF_PARAMETERS.includes(code),
  };
}
