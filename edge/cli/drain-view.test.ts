import test from "ava";
import { drainNewsView, drainView } from "./drain-view.ts";

const drain = { owed: 86_400, messagesPerS: 104.6, readingsPerS: 104_600, leftMs: 826_000 };

test("a drain says how much is left, how fast it goes, and when it will be done", (t) => {
  t.is(
    drainView("centre", drain, "en"),
    "destination centre gets what was stored; messages left: 86400, a second: 105 (104600 readings), done in 13 min 46 s",
  );
  t.is(
    drainView("centre", drain, "zh-CN"),
    "正在向目标平台 centre 补传：剩余消息 86400 条，每秒 105 条（读数 104600 个），约 13 分 46 秒 后完成",
  );
});

test("a slow drain is told with a decimal, one that stands without a promise", (t) => {
  t.regex(drainView("c", { ...drain, messagesPerS: 0.25 }, "en"), /a second: 0\.3 /);
  const stands = { owed: 7, messagesPerS: 0, readingsPerS: 0, leftMs: null };
  t.regex(drainView("c", stands, "en"), /gets nothing .* now; messages left: 7$/);
});

test("the log tells that a drain begins, goes on, and is over", (t) => {
  t.regex(drainNewsView("c", { kind: "begun", ...drain }, "en"), /was away; messages: 86400$/);
  t.is(drainNewsView("c", { kind: "goes-on", ...drain }, "en"), drainView("c", drain, "en"));
  const done = { kind: "done", messages: 86_400, tookMs: 840_000 } as const;
  t.regex(drainNewsView("c", done, "en"), /has got all .* messages: 86400, in 14 min$/);
});
