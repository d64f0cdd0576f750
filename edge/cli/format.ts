import type { Lang } from "../core/errors.ts";
import type { Value } from "../core/reading.ts";

const UNITS: readonly (readonly [number, string, string])[] = [
  [86_400_000, "d", "天"],
  [3_600_000, "h", "小时"],
  [60_000, "min", "分"],
  [1_000, "s", "秒"],
];

/** A length of time for a person: its largest unit and the one below, `2 h 5 min`. */
export function formatAge(ms: number, lang: Lang): string {
  const name = (unit: (typeof UNITS)[number]) => (lang === "en" ? unit[1] : unit[2]);
  const first = UNITS.findIndex(([size]) => ms >= size);
  const large = UNITS[first];
  if (large === undefined) return `${Math.max(0, Math.round(ms))} ms`;
  const count = Math.floor(ms / large[0]);
  const small = UNITS[first + 1];
  const rest = small === undefined ? 0 : Math.floor((ms - count * large[0]) / small[0]);
  const head = `${count} ${name(large)}`;
  return small === undefined || rest === 0 ? head : `${head} ${rest} ${name(small)}`;
}

/** A length of time in its largest unit alone, `2 h`, which seldom changes; `<1 s` below that. */
export function roughAge(ms: number, lang: Lang): string {
  const [size, en, zh] = UNITS.find(([size]) => ms >= size) ?? [0, "s", "秒"];
  const name = lang === "en" ? en : zh;
  return size === 0 ? `<1 ${name}` : `${Math.floor(ms / size)} ${name}`;
}

/** A number of bytes for a person, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const names = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toPrecision(2)} ${names[power]}`;
}

/** A value for a person: at most six significant digits after the point, `?` when unknown. */
export function formatValue(value: Value | null): string {
  if (value === null) return "?";
  if (typeof value !== "number") return String(value);
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}
