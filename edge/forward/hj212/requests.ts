import type { Hj212Settable } from "../../../config/centre-config.ts";
import type { WallMs } from "../../core/time.ts";
import type { GridName } from "../periods/fold.ts";
import { executionResult, noticeAnswer, requestAnswer } from "./answers.ts";
import { commandOf } from "./commands.ts";
import { CN_OF, messageOf, type Sender, unanswered } from "./messages.ts";
import { flagBits, type Group, type Packet, parameterOf } from "./packet.ts";
import { SETTINGS, type Settings } from "./settings.ts";
import { INTERACTION } from "./systems.ts";
import { timeOf, wallOfTime } from "./times.ts";

/** What is known when a request is judged. */
export type Situation = {
  readonly sender: Sender;
  readonly settings: Settings;
  readonly remote: Readonly<Record<Hj212Settable, boolean>>;
  readonly now: WallMs;
  /** Whether there is equipment whose state can be told. */
  readonly hasEquipment: boolean;
  /** Whether history is being answered: one query at a time. */
  readonly isQuerying: boolean;
};

/** What a request makes the gateway do, beside answering. */
export type Order =
  | { readonly kind: "clock"; readonly wall: WallMs }
  | { readonly kind: "settings"; readonly settings: Settings }
  | {
      readonly kind: "history";
      readonly grid: GridName;
      /** Wall times of the first and the last period's beginning. */
      readonly from: WallMs;
      readonly to: WallMs;
      /** To be answered with 9012 behind the data. */
      readonly request: Packet;
    };

/** How a request is met. */
export type Reaction = {
  /** What is sent at once, in this order. */
  readonly answers: readonly Packet[];
  readonly order: Order | null;
  /** Why it was refused, the `QnRtn`; null where it was not. */
  readonly refused: string | null;
};

const GRID_OF = Object.fromEntries(
  Object.entries(CN_OF).map(([grid, cn]) => [cn, grid as GridName]),
) as Readonly<Record<string, GridName>>;

/** Run times of equipment, which the gateway does not have. */
const RUN_TIMES = "2041";
/** Notices of the centre, which are answered with 9013. */
const NOTICES: readonly string[] = ["2012", "2022"];

const DONE = "1";
const REFUSED = "2";
const WRONG = "3";
const BUSY = "5";
const NOTHING = "100";

/** How `request`, a sound packet of the centre that answers nothing, is met (HJ 212-2017, 6.6). */
export function react(request: Packet, situation: Situation): Reaction {
  const { cn } = request;
  if (cn === null || cn.startsWith("9")) return { answers: [], order: null, refused: null };
  const fault = strangeness(request, situation.sender);
  if (fault !== null) return refusal(request, fault);
  if (commandOf(cn) === null) return refusal(request, "8");
  const isWithout = cn === "2021" && !situation.hasEquipment;
  if (cn === RUN_TIMES || isWithout) return accepted(request, NOTHING);
  const setting = SETTINGS[cn];
  if (setting !== undefined) {
    if (!situation.remote[setting.key]) return refusal(request, REFUSED);
    const settings = setting.set(situation.settings, request);
    const order = settings && ({ kind: "settings", settings } as const);
    if (NOTICES.includes(cn)) return { answers: [noticeAnswer(request)], order, refused: null };
    return accepted(request, settings === null ? WRONG : DONE, { order });
  }
  return readOrElse(cn, request, situation);
}

/** Requests that set nothing of the settings. */
function readOrElse(cn: string, request: Packet, situation: Situation): Reaction {
  const { settings, now } = situation;
  const told = (name: string, value: string | number) => {
    const data = [dataOf(request, situation.sender, [[{ name, value: String(value) }]])];
    return accepted(request, DONE, { data });
  };
  switch (cn) {
    case "1011":
      return told("SystemTime", timeOf(now));
    case "1061":
      return told("RtdInterval", settings.realTimeMs / 1000);
    case "1063":
      return told("MinInterval", settings.minuteMs / 60_000);
    case "1012":
      return clockReaction(request, situation);
    case "2031":
    case "2051":
    case "2061":
      return historyReaction(GRID_OF[cn] as GridName, request, situation);
    default:
      // Instruments, samplers, passwords and keys: nothing that a centre could reach through here.
      return refusal(request, REFUSED);
  }
}

/** The clock of an instrument, which PolId names, is not the gateway's to set. */
function clockReaction(request: Packet, { remote }: Situation): Reaction {
  const isInstrument = parameterOf(request.cp, "PolId") !== null;
  if (isInstrument || !remote.clock) return refusal(request, REFUSED);
  const wall = wallOfTime(parameterOf(request.cp, "SystemTime") ?? "");
  if (wall === null) return accepted(request, WRONG);
  return accepted(request, DONE, { order: { kind: "clock", wall } });
}

function historyReaction(grid: GridName, request: Packet, { isQuerying }: Situation): Reaction {
  const time = (name: string) => wallOfTime(parameterOf(request.cp, name) ?? "");
  const [from, to] = [time("BeginTime"), time("EndTime")];
  if (from === null || to === null || to < from) return accepted(request, WRONG);
  if (isQuerying) return accepted(request, BUSY);
  const order = { kind: "history", grid, from, to, request } as const;
  return { answers: answersTo(request, [requestAnswer(request, DONE)]), order, refused: null };
}

/** What of the header is not of this gateway, as `QnRtn` (HJ 212-2017, table 7). */
function strangeness(request: Packet, { mn, password, system }: Sender): string | null {
  if (request.mn !== mn) return "4";
  if (request.pw !== password) return WRONG;
  const { st } = request;
  if (st !== null && st !== system && st !== INTERACTION) return "5";
  return request.qn === null ? "7" : null;
}

/** It will be carried out, what is asked for follows, and then what came of it, `exeRtn`. */
function accepted(
  request: Packet,
  exeRtn: string,
  more: { readonly data?: readonly Packet[]; readonly order?: Order | null } = {},
): Reaction {
  const { data = [], order = null } = more;
  const all = [requestAnswer(request, DONE), ...data, executionResult(request, exeRtn)];
  return { answers: answersTo(request, all), order, refused: null };
}

function refusal(request: Packet, qnRtn: string): Reaction {
  const answers = answersTo(request, [requestAnswer(request, qnRtn)]);
  return { answers, order: null, refused: qnRtn };
}

/** A request that wants no answer gets no 9011. */
function answersTo({ flag }: Packet, answers: readonly Packet[]): readonly Packet[] {
  const wantsAnswer = flag === null || flagBits(flag).wantsAnswer;
  return wantsAnswer ? answers : answers.filter(({ cn }) => cn !== "9011");
}

/** Data that were asked for, under the QN of the request. */
function dataOf(request: Packet, sender: Sender, cp: readonly Group[]): Packet {
  return { ...unanswered(messageOf(sender, request.cn ?? "", cp)), qn: request.qn };
}
