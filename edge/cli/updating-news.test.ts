import test from "ava";
import type { GatewayEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import type { UpdateStatus } from "../update/update-status.ts";
import { updatingNews, updatingView } from "./updating-news.ts";

const turn = (to: string, cause: string, detail: GatewayEvent["detail"] = {}): GatewayEvent => ({
  ...{ kind: "gateway", subject: "gw-1", from: "trial", to, cause },
  ...{ at: 0 as WallMs, clock: "synced", detail: { release: "0.2.0", before: "0.1.0", ...detail } },
});

test("each step of an update is told in words, with the reason in the reader's language", (t) => {
  const said = (...told: Parameters<typeof turn>) => updatingNews(turn(...told), "en")?.text;
  t.is(said("trial", "update.activated"), "release 0.2.0 is tried; 0.1.0 stands by");
  t.is(said("committed", "update.committed"), "release 0.2.0 is kept");
  const back = turn("rolled-back", "update.rolled-back", { reason: "update.memory" });
  t.deepEqual(updatingNews(back, "en"), {
    text: "release 0.2.0 is given up, 0.1.0 runs again: the new release takes too much memory, or more and more of it",
    isLoud: true,
  });
  t.regex(
    updatingNews(back, "zh-CN")?.text ?? "",
    /^放弃版本 0\.2\.0，恢复 0\.1\.0：新版本占用内存/,
  );
  t.regex(
    said("unhealthy", "update.bus-lost") ?? "",
    /^release 0\.2\.0 does not do well: with the/,
  );
  t.regex(said("rolled-back", "update.rolled-back", { reason: "of.later" }) ?? "", /: of\.later$/);
  t.regex(said("refused", "update.refused") ?? "", /not installed: no reason is known$/);
});

test("what is not of a release is told elsewhere", (t) => {
  t.is(updatingNews(turn("kept", "healthy"), "en"), null);
  t.is(updatingNews({ ...turn("done", "update.committed"), kind: "command" }, "en"), null);
});

test("status tells of a trial, of the last rollback and of an order, and else nothing", (t) => {
  const quiet: UpdateStatus = {
    ...{ slot: "0.2.0", counter: 17, channel: "stable", trial: null, order: null, last: null },
  };
  const last = { at: 0 as WallMs, release: "0.3.0", from: "0.2.0" } as const;
  const view = (more: Partial<UpdateStatus>) =>
    updatingView({ update: { ...quiet, ...more } }, "en");
  t.deepEqual(updatingView({}, "en"), []);
  t.deepEqual(view({ last: { ...last, step: "committed", reason: null } }), []);
  t.deepEqual(
    view({
      trial: { previous: "0.1.0", tries: 1, state: "healthy", reason: "online" },
      last: { ...last, step: "rolled-back", reason: "update.bus-lost" },
      order: { release: null, by: "op", notBefore: null, until: null },
    }),
    [
      "release 0.2.0 is on trial (it does well, and is to be kept); 0.1.0 comes back where it fails",
      "release 0.3.0 is given up, 0.2.0 runs again: with the new release nothing good comes from a bus that did well before",
      "op ordered release: the newest",
    ],
  );
});

test("status tells what the process that updates is at, until the journal tells more", (t) => {
  const quiet = { slot: "0.2.0", counter: 17, channel: "stable", trial: null, order: null };
  const work = { at: 5 as WallMs, step: "waiting", release: "0.3.0", code: "update.alarm" };
  const view = (more: Partial<UpdateStatus>) =>
    updatingView({ update: { ...quiet, last: null, ...more } }, "en");
  t.regex(view({ work }).join(), /0\.3\.0 is installed and waits: an alarm stands/);
  t.regex(
    view({ work: { ...work, step: "fetching", release: null } }).join(),
    /the newest is being/,
  );
  t.deepEqual(view({ work: { ...work, step: "looking" } }), []);
  const last = { at: 9 as WallMs, release: "0.3.0", from: "0.2.0", reason: null } as const;
  t.deepEqual(view({ work, last: { ...last, step: "committed" } }), []);
});
