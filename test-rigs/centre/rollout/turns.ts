import type { VersionClaims } from "../../../edge/core/version-proof.ts";
import type { Now, Rollout, Step, Task, WatchedMs } from "./rollout.ts";
import { isInFlight } from "./rollout.ts";

/** What a person may want of a rollout. */
export type Wish = "pause" | "resume" | "abort";

/** What a gateway said or proved of an order. */
export type Report =
  /**
   * It answered the order of `attempt`: that it took it, and later what came of it. That it came to
   * nothing is believed without a proof, as that only harms the release.
   */
  | {
      readonly kind: "result";
      readonly attempt: number;
      readonly outcome: "done" | "refused" | "failed" | "unknown";
      readonly code: string | null;
    }
  | { readonly kind: "proof"; readonly proof: VersionClaims; readonly nonces: readonly string[] };

/** Refusals that say nothing against the release: the order is given anew. */
const AGAIN: ReadonlySet<string> = new Set([
  "command.expired",
  "command.early",
  "command.clock",
  "command.busy",
  "command.not-stored",
  "command.forgotten",
  "command.order",
  "update.too-late",
]);

/** It did not begin, as somebody there, or an abort, had it otherwise. */
const NOT_BEGUN: ReadonlySet<string> = new Set(["update.superseded", "update.taken-back"]);

/** So often an order is given before the gateway is given up, which has not tried the release. */
export const ATTEMPTS_MAX = 5;

/** `rollout` once `step` is done. */
export function stepped(rollout: Rollout, step: Step, { watched }: Now): Rollout {
  switch (step.kind) {
    case "order": {
      const { gateway, ring } = step;
      const times = { ordered: watched, sent: watched };
      return withTask(
        rollout,
        { gateway, ring, state: "ordered", attempt: 1, ...times, reason: null },
        watched,
      );
    }
    case "send": {
      const task = rollout.tasks.get(step.gateway);
      return task === undefined ? rollout : withTask(rollout, { ...task, sent: watched }, null);
    }
    case "fail": {
      const task = rollout.tasks.get(step.gateway);
      if (task === undefined) return rollout;
      return withTask(rollout, { ...task, state: "failed", reason: step.reason }, watched);
    }
    case "stop":
      return cancelled({ ...rollout, state: "stopped", reason: step.reason });
    case "ring":
      return { ...rollout, ring: step.ring, changed: watched };
    case "finish":
      return { ...rollout, state: "done", reason: null };
  }
}

/** `rollout` as a person wants it; null where it is over, or is so already. */
export function wished(rollout: Rollout, wish: Wish, { watched }: Now): Rollout | null {
  const { state } = rollout;
  switch (wish) {
    case "pause":
      return state === "running" ? { ...rollout, state: "paused", reason: "by hand" } : null;
    case "resume":
      if (state !== "paused") return null;
      return { ...rollout, state: "running", reason: null, changed: watched };
    case "abort":
      if (state !== "running" && state !== "paused") return null;
      return cancelled({ ...rollout, state: "aborted", reason: "by hand" });
  }
}

/** The task of a gateway after `report`; the same one where that changes nothing. */
export function reported(task: Task, report: Report, release: string, { watched }: Now): Task {
  switch (report.kind) {
    case "result":
      return report.attempt === task.attempt ? answered(task, report, watched) : task;
    case "proof":
      return shown(task, report, release);
  }
}

function answered(
  task: Task,
  { outcome, code }: Extract<Report, { readonly kind: "result" }>,
  watched: WatchedMs,
): Task {
  // Whether it acted is found out by its proof alone.
  if (outcome === "done" || outcome === "unknown") {
    const isNews = task.state === "ordered" || task.state === "cancelled";
    return isNews ? { ...task, state: "taken" } : task;
  }
  if (!isInFlight(task)) return task;
  if (NOT_BEGUN.has(code ?? "")) return { ...task, state: "cancelled", reason: code };
  const isInnocent = outcome === "refused" && AGAIN.has(code ?? "");
  if (!isInnocent) return { ...task, state: "failed", reason: code ?? outcome };
  if (task.attempt >= ATTEMPTS_MAX) return { ...task, state: "cancelled", reason: code };
  const times = { ordered: watched, sent: watched };
  return { ...task, ...times, state: "ordered", attempt: task.attempt + 1, reason: code };
}

/**
 * Only a proof of the release, made after its commit by whoever was ordered and upon that order, is a
 * success; a proof of another release after that takes it back.
 */
function shown(
  task: Task,
  { proof, nonces }: Extract<Report, { readonly kind: "proof" }>,
  release: string,
): Task {
  // Who was late has failed: what it runs now is told by the version table.
  if (proof.trial || task.state === "failed") return task;
  const isOurs = proof.command !== null && nonces.includes(proof.command);
  if (proof.release === release) {
    const isNews = isOurs && task.state !== "proved";
    return isNews ? { ...task, state: "proved", reason: null } : task;
  }
  return task.state === "proved" ? { ...task, state: "failed", reason: "lapsed" } : task;
}

/** `rollout` with `task` as it is now; the soak begins anew at `changed`, null: it does not. */
export function withTask(rollout: Rollout, task: Task, changed: WatchedMs | null): Rollout {
  const tasks = new Map(rollout.tasks).set(task.gateway, task);
  return { ...rollout, tasks, changed: changed ?? rollout.changed };
}

/**
 * `rollout` once the broker said that it had nobody to hand the first order to: nothing was ordered,
 * and the gateway waits for its turn again.
 */
export function unclaimed(rollout: Rollout, gateway: string): Rollout {
  const task = rollout.tasks.get(gateway);
  const isFirst = task?.state === "ordered" && task.attempt === 1 && task.sent === task.ordered;
  if (!isFirst) return rollout;
  const tasks = new Map(rollout.tasks);
  tasks.delete(gateway);
  return { ...rollout, tasks };
}

/** No order that is not known to have begun is followed up any more. */
function cancelled(rollout: Rollout): Rollout {
  const tasks = new Map(rollout.tasks);
  for (const task of tasks.values()) {
    if (task.state === "ordered") tasks.set(task.gateway, { ...task, state: "cancelled" });
  }
  return { ...rollout, tasks };
}

/** Whether anything may yet come of `rollout`. */
export function isOpenYet({ state, tasks }: Rollout): boolean {
  return state === "running" || state === "paused" || [...tasks.values()].some(isInFlight);
}
