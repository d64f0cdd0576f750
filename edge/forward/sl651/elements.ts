import type { Text } from "../../core/errors.ts";

/** What the data of an element are. */
export type DataKind =
  /** A decimal number: BCD, or characters with a point. */
  | "number"
  /** Twelve bytes of 0.1 mm, FF for none: rain in steps of five minutes. */
  | "rain-slots"
  /** Twelve times two bytes of 0.01 m, FFFF for none: relative level in steps of five minutes. */
  | "level-slots"
  /** 32 bits, see `STATE_BITS`. */
  | "state"
  /** Hours and minutes as HH.mm. */
  | "duration"
  | "bytes";

/** One element (SL 651-2014, table C.1). */
export type Element = {
  /** The lead byte of its identifier. */
  readonly lead: number;
  /** Its identifier in characters. */
  readonly tag: string;
  readonly name: Text;
  /** Digits that the standard gives its number, and how many of them stand behind the point. */
  readonly digits: number;
  readonly decimals: number;
  /** UCUM; null for a number without one. */
  readonly unit: string | null;
  readonly kind: DataKind;
};

type Row = readonly [
  lead: number,
  tag: string,
  en: string,
  zh: string,
  digits: number,
  decimals: number,
  unit: string | null,
  kind?: DataKind,
];

const ROWS: readonly Row[] = [
  [0x01, "AC", "cross-section", "断面面积", 8, 2, "m2"],
  [0x02, "AI", "air temperature", "瞬时气温", 3, 1, "Cel"],
  [0x03, "C", "water temperature", "瞬时水温", 3, 1, "Cel"],
  [0x05, "DT", "duration", "时段长", 4, 2, null, "duration"],
  [0x06, "ED", "evaporation of the day", "日蒸发量", 5, 1, "mm"],
  [0x07, "EJ", "evaporation so far today", "当前蒸发", 5, 1, "mm"],
  [0x08, "FL", "air pressure", "气压", 5, 0, "hPa"],
  [0x09, "GH", "gate opening", "闸门开启高度", 5, 2, "m"],
  [0x0a, "GN", "gate or device number", "输水设备、闸门（组）编号", 3, 0, null],
  [0x0b, "GS", "class of device", "输水设备类别", 1, 0, null],
  [0x0c, "GT", "gates open", "闸门开启孔数", 3, 0, null],
  [0x0d, "GTP", "ground temperature", "地温", 3, 1, "Cel"],
  [0x0e, "H", "ground water depth", "地下水瞬时埋深", 6, 2, "m"],
  [0x0f, "HW", "wave height", "波浪高度", 5, 2, "m"],
  [0x10, "M10", "soil moisture at 10 cm", "10厘米处土壤含水量", 4, 1, "%"],
  [0x11, "M20", "soil moisture at 20 cm", "20厘米处土壤含水量", 4, 1, "%"],
  [0x12, "M30", "soil moisture at 30 cm", "30厘米处土壤含水量", 4, 1, "%"],
  [0x13, "M40", "soil moisture at 40 cm", "40厘米处土壤含水量", 4, 1, "%"],
  [0x14, "M50", "soil moisture at 50 cm", "50厘米处土壤含水量", 4, 1, "%"],
  [0x15, "M60", "soil moisture at 60 cm", "60厘米处土壤含水量", 4, 1, "%"],
  [0x16, "M80", "soil moisture at 80 cm", "80厘米处土壤含水量", 4, 1, "%"],
  [0x17, "M100", "soil moisture at 100 cm", "100厘米处土壤含水量", 4, 1, "%"],
  [0x18, "MST", "humidity", "湿度", 4, 1, "%"],
  [0x19, "NS", "machines running", "开机台数", 2, 0, null],
  [0x1a, "P1", "rain in 1 h", "1小时时段降水量", 5, 1, "mm"],
  [0x1b, "P2", "rain in 2 h", "2小时时段降水量", 5, 1, "mm"],
  [0x1c, "P3", "rain in 3 h", "3小时时段降水量", 5, 1, "mm"],
  [0x1d, "P6", "rain in 6 h", "6小时时段降水量", 5, 1, "mm"],
  [0x1e, "P12", "rain in 12 h", "12小时时段降水量", 5, 1, "mm"],
  [0x1f, "PD", "rain of the day", "日降水量", 5, 1, "mm"],
  [0x20, "PJ", "rain so far today", "当前降水量", 5, 1, "mm"],
  [0x21, "PN01", "rain in 1 min", "1分钟时段降水量", 5, 1, "mm"],
  [0x22, "PN05", "rain in 5 min", "5分钟时段降水量", 5, 1, "mm"],
  [0x23, "PN10", "rain in 10 min", "10分钟时段降水量", 5, 1, "mm"],
  [0x24, "PN30", "rain in 30 min", "30分钟时段降水量", 5, 1, "mm"],
  [0x25, "PR", "rainstorm", "暴雨量", 5, 1, "mm"],
  [0x26, "PT", "rain in total", "降水量累计值", 6, 1, "mm"],
  [0x27, "Q", "flow", "瞬时流量、抽水流量", 9, 3, "m3/s"],
  ...numbered(0x28, "Q", "flow at outlet", "取（排）水口流量", 9, 3, "m3/s"),
  [0x30, "QA", "flow out in total", "总出库流量、过闸总流量", 9, 3, "m3/s"],
  [0x31, "QZ", "flow through the device", "输水设备流量、过闸（组）流量", 9, 3, "m3/s"],
  [0x32, "SW", "sediment load", "输沙量", 11, 3, "10*4.t"],
  [0x33, "UC", "wind direction", "风向", 2, 0, null],
  [0x34, "UE", "wind force", "风力（级）", 2, 0, null],
  [0x35, "US", "wind speed", "风速", 4, 1, "m/s"],
  [0x36, "VA", "mean velocity", "断面平均流速", 5, 3, "m/s"],
  [0x37, "VJ", "velocity", "当前瞬时流速", 5, 3, "m/s"],
  [0x38, "VT", "supply voltage", "电源电压", 4, 2, "V"],
  [0x39, "Z", "water level", "瞬时河道水位、潮位", 7, 3, "m"],
  [0x3a, "ZB", "level below", "库（闸、站）下水位", 7, 3, "m"],
  [0x3b, "ZU", "level above", "库（闸、站）上水位", 7, 3, "m"],
  ...numbered(0x3c, "Z", "level at outlet", "取（排）水口水位", 7, 3, "m"),
  [0x44, "SQ", "sediment content", "含沙量", 9, 3, "kg/m3"],
  [0x45, "ZT", "state and alarms", "遥测站状态及报警信息", 8, 0, null, "state"],
  [0x46, "pH", "pH", "pH值", 4, 2, "[pH]"],
  [0x47, "DO", "dissolved oxygen", "溶解氧", 4, 1, "mg/L"],
  [0x48, "COND", "conductivity", "电导率", 5, 0, "uS/cm"],
  [0x49, "TURB", "turbidity", "浊度", 3, 0, null],
  [0x4a, "CODMN", "permanganate index", "高锰酸盐指数", 4, 1, "mg/L"],
  [0x4b, "REDOX", "redox potential", "氧化还原电位", 5, 1, "mV"],
  [0x4c, "NH4N", "ammonia nitrogen", "氨氮", 6, 2, "mg/L"],
  [0x4d, "TP", "total phosphorus", "总磷", 5, 3, "mg/L"],
  [0x4e, "TN", "total nitrogen", "总氮", 5, 2, "mg/L"],
  [0x4f, "TOC", "total organic carbon", "总有机碳", 4, 2, "mg/L"],
  [0x50, "CU", "copper", "铜", 7, 4, "mg/L"],
  [0x51, "ZN", "zinc", "锌", 6, 4, "mg/L"],
  [0x52, "SE", "selenium", "硒", 7, 5, "mg/L"],
  [0x53, "AS", "arsenic", "砷", 7, 5, "mg/L"],
  [0x54, "THG", "total mercury", "总汞", 7, 5, "mg/L"],
  [0x55, "CD", "cadmium", "镉", 7, 5, "mg/L"],
  [0x56, "PB", "lead", "铅", 7, 5, "mg/L"],
  [0x57, "CHLA", "chlorophyll a", "叶绿素a", 4, 2, "mg/L"],
  ...numbered(0x58, "WP", "water pressure", "水压", 5, 2, "kPa"),
  ...numbered(0x60, "SYL", "water left at meter", "水表剩余水量", 11, 3, "m3"),
  ...numbered(0x68, "SBL", "water in 1 h at meter", "水表每小时水量", 10, 2, "m3/h"),
  [0x70, "VTA", "voltage of phase A", "交流A相电压", 4, 1, "V"],
  [0x71, "VTB", "voltage of phase B", "交流B相电压", 4, 1, "V"],
  [0x72, "VTC", "voltage of phase C", "交流C相电压", 4, 1, "V"],
  [0x73, "VIA", "current of phase A", "交流A相电流", 4, 1, "A"],
  [0x74, "VIB", "current of phase B", "交流B相电流", 4, 1, "A"],
  [0x75, "VIC", "current of phase C", "交流C相电流", 4, 1, "A"],
  [0xf4, "DRP", "rain by 5 min in 1 h", "1小时内每5分钟时段雨量", 24, 0, "mm", "rain-slots"],
  ...numbered(
    0xf5,
    "DRZ",
    "relative level by 5 min in 1 h,",
    "1小时内5分钟间隔相对水位",
    48,
    0,
    "m",
    "level-slots",
  ),
  [0xfd, "DATA", "velocities in bulk", "流速批量数据传输", 0, 0, null, "bytes"],
];

/** Eight elements in a row, numbered from 1. */
function numbered(
  lead: number,
  tag: string,
  en: string,
  zh: string,
  digits: number,
  decimals: number,
  unit: string,
  kind: DataKind = "number",
): readonly Row[] {
  return Array.from({ length: 8 }, (_, i) => {
    const number = i + 1;
    return [
      lead + i,
      `${tag}${number}`,
      `${en} ${number}`,
      `${zh}${number}`,
      digits,
      decimals,
      unit,
      kind,
    ];
  });
}

/** The elements in the order of their lead bytes. */
export const ELEMENTS: readonly Element[] = ROWS.map(
  ([lead, tag, en, zh, digits, decimals, unit, kind = "number"]) => {
    return { lead, tag, name: { en, "zh-CN": zh }, digits, decimals, unit, kind };
  },
);

const BY_LEAD = new Map(ELEMENTS.map((element) => [element.lead, element]));
const BY_TAG = new Map(ELEMENTS.map((element) => [element.tag, element]));

/** The element whose identifier begins with this byte; null where there is none. */
export function elementByLead(lead: number): Element | null {
  return BY_LEAD.get(lead) ?? null;
}

/** The element that characters name so; null where there is none. */
export function elementByTag(tag: string): Element | null {
  return BY_TAG.get(tag) ?? null;
}
