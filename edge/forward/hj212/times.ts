import type { WallMs } from "../../core/time.ts";
import { CHINA_MIN, type CivilTime, civilOf, isCivil, wallOf } from "../civil-time.ts";

/** A time as HJ 212 writes it: YYYYMMDDhhmmss, China's clock; three digits of ms in QN. */
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/;

/** `at` as QN, YYYYMMDDhhmmsszzz: the key of an exchange (HJ 212-2017, 6.3.2). */
export function qnOf(at: WallMs, offsetMin = CHINA_MIN): string {
  const { ms } = civilOf(at, offsetMin);
  return timeOf(at, offsetMin) + digits(ms, 3);
}

/** `at` as DataTime, SystemTime, BeginTime and EndTime have it, YYYYMMDDhhmmss. */
export function timeOf(at: WallMs, offsetMin = CHINA_MIN): string {
  const { year, month, day, hour, minute, second } = civilOf(at, offsetMin);
  const rest = [month, day, hour, minute, second].map((part) => digits(part, 2));
  return digits(year, 4) + rest.join("");
}

/** When the text of a QN or of a time says; null where it says none. */
export function wallOfTime(text: string, offsetMin = CHINA_MIN): WallMs | null {
  const civil = civilIn(text);
  return civil === null ? null : wallOf(civil, offsetMin);
}

/** Whether `text` is a time, of 14 digits, or with `hasMs` of 17. */
export function isTime(text: string, hasMs = false): boolean {
  const civil = civilIn(text);
  return civil !== null && text.length === (hasMs ? 17 : 14) && isCivil(civil);
}

function civilIn(text: string): CivilTime | null {
  const [, ...parts] = TIME.exec(text) ?? [];
  if (parts.length === 0) return null;
  const [year, month, day, hour, minute, second, ms] = parts.map((part) => Number(part ?? 0));
  return { year, month, day, hour, minute, second, ms } as CivilTime;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}
