import { nearest } from "./nearest.ts";

/**
 * Units that sensors of the city's lifelines measure in: UCUM's case-sensitive codes
 * (https://ucum.org/ucum, tables 1 to 9), each with other spellings that people use for it. Only
 * `%[LEL]`, the share of the lower explosive limit, is not UCUM's: it has no code for it.
 */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  "1": [],
  "%": ["percent", "pct", "%RH", "RH"],
  "%[LEL]": ["%LEL", "LEL", "%L.E.L."],
  "[ppm]": ["ppm"],
  "[ppb]": ["ppb"],
  m: ["metre", "metres", "meter", "meters"],
  km: ["kilometres", "kilometers"],
  cm: ["centimetres", "centimeters"],
  mm: ["millimetres", "millimeters"],
  um: ["µm", "μm", "micron", "microns"],
  "[in_i]": ["inch", "inches"],
  "[ft_i]": ["ft", "foot", "feet"],
  "um/m": ["µm/m", "μm/m", "ue", "µε", "με", "microstrain"],
  "mm/m": [],
  m2: ["m²", "sqm"],
  m3: ["m³", "cubic metres"],
  L: ["litre", "litres", "liter", "liters"],
  l: [],
  mL: [],
  "m3/h": ["m³/h", "m3/hr", "cmh"],
  "m3/s": ["m³/s", "cms", "cumec"],
  "m3/d": ["m³/d"],
  "L/s": ["lps"],
  "l/s": [],
  "L/min": ["lpm"],
  "l/min": [],
  "m/s": ["mps"],
  "mm/s": [],
  "cm/s": [],
  "km/h": ["kph", "kmh", "km/hr"],
  "mm/h": ["mm/hr"],
  "mm/min": [],
  "m/s2": ["m/s²", "m/s^2"],
  "[g]": ["gravity"],
  Pa: ["pascal"],
  hPa: [],
  kPa: [],
  MPa: [],
  bar: ["bars"],
  mbar: ["millibar"],
  "[psi]": ["psi"],
  "m[H2O]": ["mH2O", "mWC"],
  "mm[Hg]": ["mmHg"],
  Cel: ["C", "°C", "℃", "degC", "celsius"],
  K: ["kelvin"],
  "[degF]": ["F", "°F", "℉", "degF", "fahrenheit"],
  g: ["gram", "grams"],
  kg: ["kilogram", "kilograms"],
  t: ["tonne", "tonnes", "ton"],
  N: ["newton"],
  kN: [],
  "mg/L": ["mg/litre"],
  "ug/L": ["µg/L", "μg/L"],
  "mg/l": [],
  "ug/l": [],
  "mg/m3": ["mg/m³"],
  "ug/m3": ["µg/m³", "μg/m³", "µg/m3", "μg/m3"],
  "[pH]": ["pH"],
  "[NTU]": ["NTU"],
  "S/m": [],
  "mS/cm": [],
  "uS/cm": ["µS/cm", "μS/cm"],
  V: ["volt", "volts"],
  mV: [],
  kV: [],
  A: ["ampere", "amp", "amps"],
  mA: [],
  W: ["watt", "watts"],
  kW: [],
  "kW.h": ["kWh"],
  "W/m2": ["W/m²"],
  Ohm: ["Ω", "ohms"],
  kOhm: ["kΩ"],
  Hz: ["hertz"],
  kHz: [],
  "/min": ["rpm", "1/min", "r/min"],
  deg: ["°", "degree", "degrees"],
  rad: ["radian"],
  ms: [],
  s: ["sec", "second", "seconds"],
  min: ["minute", "minutes"],
  h: ["hr", "hour", "hours"],
  d: ["day", "days"],
  dB: ["decibel"],
  lx: ["lux"],
};

const CODE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(UNITS).flatMap(([code, spellings]) =>
    [code, ...spellings].map((spelling) => [spelling, code] as const),
  ),
);

/** Whether `unit` is a code of the list, or one with an annotation: `{count}`, `%{vol}`. */
export function isKnownUnit(unit: string): boolean {
  const plain = unit.replace(/\{[^{}]*\}/, "");
  return (plain === "" && unit !== "") || Object.hasOwn(UNITS, plain);
}

/** The code that `unit` was most likely meant to be, or null. */
export function nearestUnit(unit: string): string | null {
  const spellings = [...CODE_OF.keys()];
  const same = spellings.find((spelling) => spelling.toLowerCase() === unit.toLowerCase());
  // One letter of two says too little.
  const meant = same ?? (unit.length > 2 ? nearest(unit, spellings) : null);
  return CODE_OF.get(meant ?? "") ?? null;
}
