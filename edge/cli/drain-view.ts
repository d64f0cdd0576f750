import type { Lang } from "../core/errors.ts";
import type { DrainStatus } from "../forward/drain.ts";
import type { DrainNews } from "../news.ts";
import { sayDrain } from "./drain-text.ts";
import { formatAge } from "./format.ts";

/** What becomes of the backlog of `destination`, in one sentence. */
export function drainNewsView(destination: string, news: DrainNews, lang: Lang): string {
  switch (news.kind) {
    case "begun":
      return sayDrain(lang, "begun", { destination, owed: news.owed });
    case "goes-on":
      return drainView(destination, news, lang);
    case "done": {
      const took = formatAge(news.tookMs, lang);
      return sayDrain(lang, "done", { destination, count: news.messages, took });
    }
  }
}

/** How far the backlog of `destination` is, how fast it goes, and when it will be delivered. */
export function drainView(destination: string, drain: DrainStatus, lang: Lang): string {
  const { owed, messagesPerS, readingsPerS, leftMs } = drain;
  if (leftMs === null) return sayDrain(lang, "stands", { destination, owed });
  return sayDrain(lang, "goesOn", {
    destination,
    owed,
    perS: messagesPerS < 10 ? messagesPerS.toFixed(1) : Math.round(messagesPerS),
    readingsPerS: Math.round(readingsPerS),
    left: formatAge(leftMs, lang),
  });
}
