import type { Text } from "../../core/errors.ts";

/** What a factor is. */
export type Pollutant = {
  readonly name: Text;
  /** UCUM; null for a quantity without one. By agreement a platform may use another. */
  readonly unit: string | null;
  /** The unit of its totals, `-Cou`; null where it has none. */
  readonly total: string | null;
};

type Row = readonly [en: string, zh: string, unit: string | null, total?: string];

/**
 * Factors by code with the units that the standard presumes (HJ 212-2017, Annex B; codes of HJ 524
 * and HJ 525), the most common of them. Others are told by their code.
 */
const ROWS: Readonly<Record<string, Row>> = {
  w00000: ["sewage", "污水", "L/s", "m3"],
  w01001: ["pH", "pH值", "[pH]"],
  w01002: ["colour", "色度", null],
  w01006: ["total dissolved solids", "溶解性总固体", "mg/L", "kg"],
  w01009: ["dissolved oxygen", "溶解氧", "mg/L"],
  w01010: ["water temperature", "水温", "Cel"],
  w01012: ["suspended solids", "悬浮物", "mg/L", "kg"],
  w01014: ["conductivity", "电导率", "uS/cm"],
  w01017: ["five-day biochemical oxygen demand", "五日生化需氧量", "mg/L", "kg"],
  w01018: ["chemical oxygen demand", "化学需氧量", "mg/L", "kg"],
  w01019: ["permanganate index", "高锰酸盐指数", "mg/L", "kg"],
  w01020: ["total organic carbon", "总有机碳", "mg/L", "kg"],
  w19001: ["surfactants", "表面活性剂", "mg/L", "kg"],
  w19002: ["anionic surfactants", "阴离子表面活性剂", "mg/L", "kg"],
  w20111: ["total mercury", "总汞", "ug/L", "g"],
  w20115: ["total cadmium", "总镉", "ug/L", "g"],
  w20116: ["total chromium", "总铬", "mg/L", "kg"],
  w20117: ["hexavalent chromium", "六价铬", "ug/L", "g"],
  w20119: ["total arsenic", "总砷", "ug/L", "g"],
  w20120: ["total lead", "总铅", "ug/L", "g"],
  w20121: ["total nickel", "总镍", "mg/L", "kg"],
  w20122: ["total copper", "总铜", "mg/L", "kg"],
  w20123: ["total zinc", "总锌", "mg/L", "kg"],
  w20124: ["total manganese", "总锰", "mg/L", "kg"],
  w20125: ["total iron", "总铁", "mg/L", "kg"],
  w21001: ["total nitrogen", "总氮", "mg/L", "kg"],
  w21003: ["ammonia nitrogen", "氨氮", "mg/L", "kg"],
  w21004: ["Kjeldahl nitrogen", "凯氏氮", "mg/L", "kg"],
  w21006: ["nitrite", "亚硝酸盐", "mg/L", "kg"],
  w21007: ["nitrate", "硝酸盐", "mg/L", "kg"],
  w21011: ["total phosphorus", "总磷", "mg/L", "kg"],
  w21016: ["cyanide", "氰化物", "mg/L", "kg"],
  w21017: ["fluoride", "氟化物", "mg/L", "kg"],
  w21019: ["sulphide", "硫化物", "mg/L", "kg"],
  w21022: ["chloride", "氯化物", "mg/L", "kg"],
  w21038: ["sulphate", "硫酸盐", "mg/L", "kg"],
  w22001: ["petroleum", "石油类", "mg/L", "kg"],
  w23002: ["volatile phenols", "挥发酚", "mg/L", "kg"],
  a00000: ["exhaust gas", "废气", "m3/s", "m3"],
  a01001: ["temperature", "温度", "Cel"],
  a01002: ["humidity", "湿度", "%"],
  a01006: ["air pressure", "气压", "kPa"],
  a01007: ["wind speed", "风速", "m/s"],
  a01008: ["wind direction", "风向", "deg"],
  a01011: ["flue gas speed", "烟气流速", "m/s"],
  a01012: ["flue gas temperature", "烟气温度", "Cel"],
  a01013: ["flue gas pressure", "烟气压力", "kPa"],
  a01014: ["flue gas humidity", "烟气湿度", "%"],
  a01015: ["cooling temperature", "制冷温度", "Cel"],
  a01016: ["cross-section of the flue", "烟道截面积", "m2"],
  a01017: ["flue gas dynamic pressure", "烟气动压", "kPa"],
  a05001: ["carbon dioxide", "二氧化碳", "mg/m3", "kg"],
  a19001: ["oxygen", "氧气含量", "%"],
  a21002: ["nitrogen oxides", "氮氧化物", "mg/m3", "kg"],
  a21003: ["nitric oxide", "一氧化氮", "mg/m3", "kg"],
  a21004: ["nitrogen dioxide", "二氧化氮", "mg/m3", "kg"],
  a21005: ["carbon monoxide", "一氧化碳", "mg/m3", "kg"],
  a21022: ["chlorine", "氯气", "mg/m3", "kg"],
  a21024: ["hydrogen chloride", "氯化氢", "mg/m3", "kg"],
  a21026: ["sulphur dioxide", "二氧化硫", "mg/m3", "kg"],
  a21028: ["hydrogen sulphide", "硫化氢", "mg/m3", "kg"],
  a24087: ["hydrocarbons", "碳氢化合物", "mg/m3", "kg"],
  a24088: ["non-methane hydrocarbons", "非甲烷总烃", "mg/m3", "kg"],
  a25002: ["benzene", "苯", "mg/m3", "kg"],
  a25003: ["toluene", "甲苯", "mg/m3", "kg"],
  a25005: ["xylene", "二甲苯", "mg/m3", "kg"],
};

/** The factor `code`; null where the table does not have it. */
export function pollutantOf(code: string): Pollutant | null {
  const row = Object.hasOwn(ROWS, code) ? ROWS[code] : undefined;
  if (row === undefined) return null;
  const [en, zh, unit, total = null] = row;
  return { name: { en, "zh-CN": zh }, unit, total };
}
