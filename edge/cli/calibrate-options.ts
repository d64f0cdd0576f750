import { parseDurationMs } from "../../config/quantity.ts";
import { WORK_MAX_MS } from "../calibrate/orders.ts";
import { type CalibrateTextKey, sayCalibrate } from "./calibrate-text.ts";
import type { Invocation } from "./invocation.ts";

/** What a calibration is to be, as it was typed. */
export type CalibratePlan = {
  readonly point: string;
  readonly zero: number | null;
  readonly span: number | null;
  readonly isCheck: boolean;
  /** How long the alarms may be out of service, in milliseconds. */
  readonly forMs: number;
  /** How long to wait for a steady value at each reference, in milliseconds. */
  readonly withinMs: number;
  /** How long it must be steady, in milliseconds; null for the usual. */
  readonly windowMs: number | null;
  readonly tolerance: number | null;
  readonly note: string | null;
  /** Where the certificate goes; null: nowhere. */
  readonly out: string | null;
  readonly record: number | null;
};

/** How long the gateway may take over one order, in milliseconds: a sample waits for the bus. */
export const ANSWER_MS = 30_000;

const FOR_MS = 30 * 60_000;
const WITHIN_MS = 5 * 60_000;

/** The plan in `invocation`, or what is wrong with it. */
export function planOf(
  invocation: Invocation,
): { readonly plan: CalibratePlan } | { readonly mistake: string } {
  const { lang, operands, out, note = null, check } = invocation;
  const mistakes: string[] = [];
  const wrong = (key: CalibrateTextKey, about = {}) => {
    mistakes.push(sayCalibrate(lang, key, about));
    return null;
  };
  const number = (option: string, text: string | undefined) => {
    if (text === undefined) return null;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : wrong("noNumber", { option, text });
  };
  const time = (option: string, text: string | undefined, leastMs: number, mostMs: number) => {
    if (text === undefined) return null;
    const ms = parseDurationMs(text);
    return ms >= leastMs && ms <= mostMs ? ms : wrong("noTime", { option, text });
  };
  const [point = "", more] = operands;
  if (point === "" || more !== undefined) wrong("usage");
  if (out !== undefined && !/\.(pdf|json)$/.test(out)) wrong("noFile");
  const plan: CalibratePlan = {
    point,
    zero: number("--zero", invocation.zero),
    span: number("--span", invocation.span),
    isCheck: check === true,
    forMs: time("--for", invocation.for, 60_000, WORK_MAX_MS) ?? FOR_MS,
    withinMs: time("--within", invocation.within, 1_000, WORK_MAX_MS) ?? WITHIN_MS,
    windowMs: time("--window", invocation.window, 1_000, 600_000),
    tolerance: number("--tolerance", invocation.tolerance),
    note,
    out: out ?? null,
    record: number("--record", invocation.record),
  };
  const [mistake] = mistakes;
  return mistake === undefined ? { plan } : { mistake };
}
