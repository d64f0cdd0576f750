import { type Stage, stageOf } from "./stages.ts";

/** What V8 writes with `--cpu-prof`, as far as it is used here (Chrome DevTools protocol, Profiler.Profile). */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      /** From 0. */
      readonly lineNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  /** The node that ran at each sample, and how many microseconds after the one before that was. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

/** A span of the monotonic clock, in microseconds. */
export type Span = { readonly from: number; readonly to: number };

/** Tells from which source what stands in a line, from 0, of a file was made; null where unknown. */
export type SourceOf = (url: string, line: number) => string | null;

/**
 * The share of each stage in what a thread did within `span`, 0 to 1, without its rest. What Node and
 * the packages do belongs to the part of the gateway that called it: the nearest that has a stage.
 */
export function sharesIn(
  profile: CpuProfile,
  span: Span,
  sourceOf: SourceOf,
): ReadonlyMap<Stage, number> {
  const stages = stagesOf(profile, sourceOf);
  const sums = new Map<Stage, number>();
  let total = 0;
  let at = profile.startTime;
  for (const [i, node] of profile.samples.entries()) {
    const us = profile.timeDeltas[i] ?? 0;
    at += us;
    const stage = stages.get(node) ?? null;
    if (stage === null || at < span.from || at > span.to) continue;
    sums.set(stage, (sums.get(stage) ?? 0) + us);
    total += us;
  }
  return new Map(Array.from(sums, ([stage, us]) => [stage, us / total]));
}

/** The stage of each node; null where the thread rested. */
function stagesOf({ nodes }: CpuProfile, sourceOf: SourceOf): ReadonlyMap<number, Stage | null> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, Stage | null>();
  const open: (readonly [id: number, called: Stage])[] = [];
  const called = new Set(nodes.flatMap(({ children = [] }) => children));
  for (const { id } of nodes) if (!called.has(id)) open.push([id, "node"]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [id, by] = next;
    const node = byId.get(id);
    if (node === undefined) continue;
    const stage = ownStage(node.callFrame, sourceOf) ?? by;
    stages.set(id, node.callFrame.functionName === "(idle)" ? null : stage);
    for (const child of node.children ?? []) open.push([child, stage]);
  }
  return stages;
}

function ownStage(
  { functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"],
  sourceOf: SourceOf,
): Stage | null {
  if (functionName === "(garbage collector)") return "garbage";
  const source = sourceOf(url, lineNumber);
  return source === null ? null : stageOf(source);
}
