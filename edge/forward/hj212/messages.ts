import type { Hj212Destination, Hj212Factor } from "../../../config/centre-config.ts";
import type { WallMs } from "../../core/time.ts";
import type { GridName, Period } from "../periods/fold.ts";
import type { Mark } from "../periods/mark.ts";
import { NO_STATISTICS, periodMark, type Statistics, summaryOf } from "../periods/statistics.ts";
import { factorGroup } from "./factors.ts";
import { flagOf, type Group, type Packet } from "./packet.ts";
import { timeOf } from "./times.ts";

/** Of a destination what its packets carry. */
export type Sender = Pick<
  Hj212Destination,
  "system" | "mn" | "password" | "edition" | "wantsAnswers"
>;

/** The edition as Flag has it. */
const VERSION = { 2017: 1, 2025: 2 } as const;

/** The command by which a period is told. */
export const CN_OF: Readonly<Record<GridName, string>> = {
  minute: "2051",
  hour: "2061",
  day: "2031",
};

/** A message of `sender`, without its QN, which wants an answer where the centre gives them. */
export function messageOf(sender: Sender, cn: string, cp: readonly Group[]): Packet {
  const { system, mn, password, edition, wantsAnswers } = sender;
  const flag = flagOf({ version: VERSION[edition], isNumbered: false, wantsAnswer: wantsAnswers });
  const none = { qn: null, pnum: null, pno: null, isResent: false };
  return { ...none, st: system, cn, pw: password, mn, flag, cp };
}

/** `message`, which wants no answer. */
export function unanswered(message: Packet): Packet {
  return { ...message, flag: (message.flag ?? 0) & ~1 };
}

/**
 * Statistics of a period, named by its beginning (HJ 212-2017, Annex C). `isResent` where it is told
 * late: the 2025 edition marks that.
 */
export function periodMessage(
  { factors, validity, ...sender }: Sender & Pick<Hj212Destination, "factors" | "validity">,
  period: Period,
  isResent: boolean,
): Packet {
  const groups = factors.map((factor) => {
    const statistics = period.of.get(factor.code) ?? NO_STATISTICS;
    return periodGroup(factor, statistics, periodMark(statistics, validity));
  });
  const message = messageOf(sender, CN_OF[period.grid], [dataTime(period.from), ...groups]);
  return { ...message, isResent: isResent && sender.edition === 2025 };
}

function periodGroup(factor: Hj212Factor, statistics: Statistics, mark: Mark): Group {
  const { code, scale, total } = factor;
  const summary = summaryOf(statistics);
  const text = (value: number) => numberText(value * scale, factor.decimals);
  // A negative scale turns least and greatest about.
  const [least, most] = scale < 0 ? (["max", "min"] as const) : (["min", "max"] as const);
  const isTotal = total !== null && statistics.integratedMs > 0;
  return factorGroup(code, {
    ...(isTotal && { Cou: numberText(statistics.integral * total.scale, factor.decimals) }),
    ...(summary !== null && {
      Min: text(summary[least]),
      Avg: text(summary.avg),
      Max: text(summary[most]),
    }),
    Flag: mark,
  });
}

/** What is known now of one factor. */
export type Latest = { readonly value: number | null; readonly mark: Mark };

/** Values of now (HJ 212-2017, C.14); a value that is not known is left out. */
export function realTimeMessage(
  sender: Sender,
  at: WallMs,
  factors: readonly Hj212Factor[],
  latest: (factor: Hj212Factor) => Latest,
): Packet {
  const groups = factors.map((factor) => {
    const { value, mark } = latest(factor);
    const told = value === null ? {} : { Rtd: numberText(value * factor.scale, factor.decimals) };
    return factorGroup(factor.code, { ...told, Flag: mark });
  });
  return messageOf(sender, "2011", [dataTime(at), ...groups]);
}

/** States of equipment (HJ 212-2017, table 8, `SBx-RS`); one that is not known is left out. */
export function equipmentMessage(
  sender: Sender,
  at: WallMs,
  states: ReadonlyMap<string, EquipmentState>,
): Packet {
  const groups = Array.from(states, ([code, state]) => factorGroup(code, { RS: state }));
  return messageOf(sender, "2021", [dataTime(at), ...groups]);
}

/** Off, running, in alarm. */
export type EquipmentState = "0" | "1" | "4";

function dataTime(at: number): Group {
  return [{ name: "DataTime", value: timeOf(at as WallMs) }];
}

/** `value` with so many digits behind the point; zero has no sign. */
function numberText(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}
