import type { Text } from "../../core/errors.ts";

/** What the data of a parameter are. */
export type ParameterKind =
  | "number"
  /** Bytes as hexadecimal digits. */
  | "bytes"
  /** One byte for each of four centres, 0 for none. */
  | "centres"
  /** The kind of channel and an address, of IPv4 with its port. */
  | "channel"
  /** Characters. */
  | "text";

/** One parameter of a station (SL 651-2014, tables D.1 and D.4). */
export type Parameter = {
  readonly lead: number;
  readonly name: Text;
  readonly kind: ParameterKind;
  /** UCUM; null for those without one. */
  readonly unit: string | null;
};

type Row = readonly [
  lead: number,
  en: string,
  zh: string,
  unit?: string | null,
  kind?: ParameterKind,
];

const ROWS: readonly Row[] = [
  [0x01, "addresses of the centres", "中心站地址", null, "centres"],
  [0x02, "address of the station", "遥测站地址", null, "bytes"],
  [0x03, "password", "密码", null, "bytes"],
  ...[1, 2, 3, 4].flatMap((centre): readonly Row[] => [
    [2 + 2 * centre, `main channel to centre ${centre}`, `中心站${centre}主信道`, null, "channel"],
    [
      3 + 2 * centre,
      `spare channel to centre ${centre}`,
      `中心站${centre}备用信道`,
      null,
      "channel",
    ],
  ]),
  [0x0c, "way of working", "工作方式"],
  [0x0d, "elements measured", "遥测站采集要素设置", null, "bytes"],
  [0x0e, "addresses that the relay serves", "中继站服务地址范围", null, "bytes"],
  [0x0f, "number of the modem", "通信设备识别号", null, "text"],
  [0x20, "interval of timed reports", "定时报时间间隔", "h"],
  [0x21, "interval of extra reports", "加报时间间隔", "min"],
  [0x22, "hour at which the day of rain begins", "降水量日起始时间", "h"],
  [0x23, "sampling interval", "采样间隔", "s"],
  [0x24, "interval of stored levels", "水位数据存储间隔", "min"],
  [0x25, "resolution of the rain gauge", "雨量计分辨力", "mm"],
  [0x26, "resolution of the level gauge", "水位计分辨力", "cm"],
  [0x27, "rain that makes an extra report", "雨量加报阈值", "mm"],
  ...eight(0x28, 1, "level base", "水位基值", "m"),
  ...eight(0x30, 1, "level correction", "水位修正基值", "m"),
  ...eight(0x38, 1, "level of extra reports", "加报水位", "m"),
  [0x40, "step above that makes an extra report", "加报水位以上加报阈值", "m"],
  [0x41, "step below that makes an extra report", "加报水位以下加报阈值", "m"],
  [0x42, "flow that makes an extra report", "流量加报阈值", "m3/s"],
  [0x43, "velocity that makes an extra report", "流速加报阈值", "m/s"],
  [0x44, "gate step that makes an extra report", "闸位加报阈值", "m"],
  [0x45, "power that makes an extra report", "功率加报阈值", "kW"],
  [0x46, "air pressure that makes an extra report", "气压加报阈值", "hPa"],
  [0x47, "wind speed that makes an extra report", "风速加报阈值", "m/s"],
  [0x48, "water temperature that makes an extra report", "水温加报阈值", "Cel"],
  ...eight(0x49, 2, "highest level at outlet", "上限水位，取（排）水口", "m"),
  ...eight(0x4a, 2, "lowest level at outlet", "下限水位，取（排）水口", "m"),
  ...eight(0x59, 2, "highest pressure at outlet", "上限水压，取（排）水口", "kPa"),
  ...eight(0x5a, 2, "lowest pressure at outlet", "下限水压，取（排）水口", "kPa"),
  ...limits(0x69, "water temperature", "水温", "Cel"),
  ...limits(0x6b, "pH", "pH值", "[pH]"),
  ...limits(0x6d, "dissolved oxygen", "溶解氧", "mg/L"),
  ...limits(0x6f, "permanganate index", "高锰酸盐指数", "mg/L"),
  ...limits(0x71, "conductivity", "电导率", "uS/cm"),
  ...limits(0x73, "redox potential", "氧化还原电位", "mV"),
  ...limits(0x75, "turbidity", "浊度", null),
  ...limits(0x77, "ammonia nitrogen", "氨氮", "mg/L"),
  ...limits(0x79, "total nitrogen", "总氮", "mg/L"),
  ...limits(0x7b, "copper", "铜", "mg/L"),
  ...limits(0x7d, "zinc", "锌", "mg/L"),
  ...limits(0x7f, "fluoride", "氟化物", "mg/L"),
  ...limits(0x81, "selenium", "硒", "mg/L"),
  ...limits(0x83, "arsenic", "砷", "mg/L"),
  ...limits(0x85, "mercury", "汞", "mg/L"),
  ...limits(0x87, "cadmium", "镉", "mg/L"),
  ...limits(0x89, "total organic carbon", "总有机碳", "mg/L"),
  ...limits(0x8b, "chlorophyll", "叶绿素", "mg/L"),
  [0x8d, "highest flow", "流量上限", "m3/s"],
  ...eight(0x8e, 1, "water bought at meter", "水表充值水量", "m3"),
  [0x96, "volume limit", "水量定值量", "m3"],
  [0x97, "erase the storage", "固态存储数据初始化", null, "bytes"],
  [0x98, "back to factory settings", "遥测终端参数恢复出厂设置", null, "bytes"],
  ...eight(0x99, 1, "first reading of meter", "水表水量表底（初始）值", "m3"),
  ...eight(0xa1, 1, "water left that alarms at meter", "水表剩余水量报警值", "m3"),
];

/** Eight parameters `step` apart, numbered from 1. */
function eight(lead: number, step: number, en: string, zh: string, unit: string): readonly Row[] {
  return Array.from({ length: 8 }, (_, i) => [
    lead + step * i,
    `${en} ${i + 1}`,
    `${zh}${i + 1}`,
    unit,
  ]);
}

/** A highest value and, behind it, a lowest. */
function limits(lead: number, en: string, zh: string, unit: string | null): readonly Row[] {
  return [
    [lead, `highest ${en}`, `${zh}上限`, unit],
    [lead + 1, `lowest ${en}`, `${zh}下限`, unit],
  ];
}

const BY_LEAD = new Map(
  ROWS.map(([lead, en, zh, unit = null, kind = "number"]): [number, Parameter] => {
    return [lead, { lead, name: { en, "zh-CN": zh }, kind, unit }];
  }),
);

/** The parameter whose identifier begins with this byte; null where there is none. */
export function parameterByLead(lead: number): Parameter | null {
  return BY_LEAD.get(lead) ?? null;
}
