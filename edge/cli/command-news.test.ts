import test from "ava";
import type { GatewayEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { commandNews } from "./command-news.ts";

const turn = (over: Partial<GatewayEvent>): GatewayEvent => ({
  ...{ kind: "command", subject: "dispatcher", from: "received", to: "done", cause: "done" },
  ...{ at: 0 as WallMs, clock: "synced", detail: { id: "a", order: "write", via: "centre" } },
  ...over,
});

test("the log says whose command it was, and why it was not carried out", (t) => {
  t.is(commandNews(turn({}), "en"), "command write of dispatcher: done");
  const refused = turn({ to: "refused", cause: "command.forbidden" });
  t.is(
    commandNews(refused, "en"),
    "command write of dispatcher: refused (the key may not order this)",
  );
  t.is(commandNews(refused, "zh-CN"), "dispatcher 的命令 write：已拒绝 (该密钥无权下达此命令)");
});

test("what was refused before anybody looked into it is told with how often", (t) => {
  const detail = { via: "centre", times: 7 };
  const forged = turn({ subject: "unknown", to: "refused", cause: "command.signature", detail });
  t.is(
    commandNews(forged, "en"),
    "a command was refused (7 times): the signature of the command is wrong",
  );
});
