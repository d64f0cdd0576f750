import type { Text } from "../../core/errors.ts";

/** The classes of stations by their letter (SL 651-2014, table A.1). Others are free. */
export const STATION_CLASSES: Readonly<Record<string, Text>> = {
  P: { en: "precipitation", "zh-CN": "降水" },
  H: { en: "river", "zh-CN": "河道" },
  K: { en: "reservoir or lake", "zh-CN": "水库（湖泊）" },
  Z: { en: "sluice", "zh-CN": "闸坝" },
  D: { en: "pumping station", "zh-CN": "泵站" },
  T: { en: "tide", "zh-CN": "潮汐" },
  M: { en: "soil moisture", "zh-CN": "墒情" },
  G: { en: "ground water", "zh-CN": "地下水" },
  Q: { en: "water quality", "zh-CN": "水质" },
  I: { en: "intake", "zh-CN": "取水口" },
  O: { en: "outlet", "zh-CN": "排水口" },
};

/** Whose address it is: a hydrological station's, or one of a district's (SL 651-2014, 6.2.3.2). */
export type StationAddress =
  | { readonly kind: "hydrology"; readonly code: string }
  | {
      /** `all` is 65535, to every one; `none` is 0, which nobody has. */
      readonly kind: "station" | "relay" | "all" | "none";
      /** Six digits of the administrative division. */
      readonly district: string;
      readonly number: number;
    };

const RELAYS_FROM = 60_001;
const ALL = 65_535;

/** What the ten digits of an address say. */
export function stationAddressOf(digits: string): StationAddress {
  if (digits.startsWith("00")) return { kind: "hydrology", code: digits.slice(2) };
  const number = Number.parseInt(digits.slice(6), 16);
  const kind =
    number === 0 ? "none" : number === ALL ? "all" : number < RELAYS_FROM ? "station" : "relay";
  return { kind, district: digits.slice(0, 6), number };
}

/** What each bit of the state word says, set and not set (SL 651-2014, table 58). */
export const STATE_BITS: readonly {
  readonly name: Text;
  /** Whether the bit, set, tells of something wrong. */
  readonly isAlarm: boolean;
  readonly set: Text;
  readonly clear: Text;
}[] = [
  bit("mains", "交流电充电", true, ["lost", "停电"]),
  bit("battery", "蓄电池电压", true, ["low", "电压低"]),
  bit("water level", "水位超限", true, ["alarm", "报警"]),
  bit("flow", "流量超限", true, ["alarm", "报警"]),
  bit("water quality", "水质超限", true, ["alarm", "报警"]),
  bit("flow meter", "流量仪表", true, ["fault", "故障"]),
  bit("level meter", "水位仪表", true, ["fault", "故障"]),
  bit("box door", "终端箱门", false, ["closed", "关闭"], ["open", "开启"]),
  bit("storage", "存储器", true, ["fault", "异常"]),
  bit("IC card", "IC卡功能", false, ["active", "有效"], ["off", "关闭"]),
  bit("pump", "水泵", false, ["stopped", "停机"], ["running", "工作"]),
  bit("water left", "剩余水量", true, ["exceeded", "超限"]),
];

type Pair = readonly [en: string, zh: string];

function bit(
  en: string,
  zh: string,
  isAlarm: boolean,
  set: Pair,
  clear: Pair = ["normal", "正常"],
) {
  return {
    name: { en, "zh-CN": zh },
    isAlarm,
    set: { en: set[0], "zh-CN": set[1] },
    clear: { en: clear[0], "zh-CN": clear[1] },
  };
}

/** What the counters of an event record count, in their order (SL 651-2014, table 82). */
export const EVENTS: readonly Text[] = [
  { en: "history erased", "zh-CN": "历史数据初始化" },
  { en: "parameters changed", "zh-CN": "参数变更" },
  { en: "states changed", "zh-CN": "状态量变位" },
  { en: "sensor faults", "zh-CN": "传感器及仪表故障" },
  { en: "password changed", "zh-CN": "密码修改" },
  { en: "terminal faults", "zh-CN": "终端故障" },
  { en: "mains lost", "zh-CN": "交流失电" },
  { en: "battery low", "zh-CN": "蓄电池电压低" },
  { en: "box opened without leave", "zh-CN": "终端箱非法打开" },
  { en: "pump faults", "zh-CN": "水泵故障" },
  { en: "water left exceeded", "zh-CN": "剩余水量超限" },
  { en: "water level exceeded", "zh-CN": "水位超限" },
  { en: "water pressure exceeded", "zh-CN": "水压超限" },
  { en: "water quality exceeded", "zh-CN": "水质参数超限" },
  { en: "data errors", "zh-CN": "数据出错" },
  { en: "messages sent", "zh-CN": "发报文" },
  { en: "messages received", "zh-CN": "收报文" },
  { en: "messages failed", "zh-CN": "发报文出错" },
];
