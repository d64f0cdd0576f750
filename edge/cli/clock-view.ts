import type { Lang } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import type { TimeStatus } from "../time-keeper.ts";
import { formatAge } from "./format.ts";
import { say, sayOr } from "./text.ts";

/** What `status` tells of the clock: one line, and one more where something waits for it. */
export function clockView(time: TimeStatus, lang: Lang): readonly string[] {
  const { state, forMs, lastStep, source, waiting } = time;
  const { readings, events } = waiting;
  const parts = [
    say(lang, "clockFor", { state: say(lang, state), age: formatAge(forMs, lang) }),
    ...(source === null ? [] : [say(lang, "clockBySource", { source })]),
    ...(lastStep === null
      ? []
      : [
          say(lang, "clockWasSet", {
            ...stepOf(lastStep.byMs, lang),
            ago: formatAge(lastStep.agoMs, lang),
          }),
        ]),
  ];
  const waits = readings + events > 0 ? [say(lang, "waitsForClock", { readings, events })] : [];
  return [parts.join(" · "), ...waits];
}

/** What became of the clock, for the log; null where `turn` tells of something else. */
export function sayClock({ kind, to, cause, detail = {} }: GatewayEvent, lang: Lang) {
  if (cause !== "clock") return null;
  if (kind === "buffer") {
    const clock = sayOr(lang, String(detail.clock ?? ""));
    const { messages = 0 } = detail;
    return say(lang, to === "waiting" ? "clockWaits" : "clockWaitsNot", { messages, clock });
  }
  if (to !== "stepped") return say(lang, "clockTurn", { state: sayOr(lang, to) });
  return say(lang, "clockStepped", stepOf(Number(detail.byMs), lang));
}

function stepOf(byMs: number, lang: Lang) {
  const way = say(lang, byMs < 0 ? "clockBack" : "clockForward");
  return { way, by: formatAge(Math.abs(byMs), lang) };
}
