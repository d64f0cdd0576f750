/** The acts of the story, in order. */
export type StageName = "calm" | "leak" | "outage" | "return" | "repair" | "rest";

/** One act; parts run from 0, the beginning of the story, to 1, its end. */
export type Stage = { readonly name: StageName; readonly from: number; readonly to: number };

/** The story: each act begins where the one before ends. */
export const STAGES: readonly Stage[] = [
  { name: "calm", from: 0, to: 0.14 },
  { name: "leak", from: 0.14, to: 0.4 },
  { name: "outage", from: 0.4, to: 0.6 },
  { name: "return", from: 0.6, to: 0.8 },
  { name: "repair", from: 0.8, to: 0.94 },
  { name: "rest", from: 0.94, to: 1 },
];

/** The act at `part`; the last one from the end on. */
export function stageAt(part: number): Stage {
  return (STAGES.find(({ to }) => part < to) ?? STAGES.at(-1)) as Stage;
}

/** A moment of the story and a value at it. */
type Keyframe = readonly [part: number, value: number];

/** Close to the leak: past 25 % and 50 % while the centre can still see it. */
const NEAR: readonly Keyframe[] = [
  [0.14, 0.8],
  [0.36, 63],
  [0.6, 71],
  [0.8, 68],
  [0.9, 1.5],
];

/** Down the duct: past 25 % and 50 % while the line to the centre is cut. */
const FAR: readonly Keyframe[] = [
  [0.2, 0.6],
  [0.4, 20],
  [0.52, 56],
  [0.8, 61],
  [0.91, 1.2],
];

/** Methane at the detectors as the story has it, in % of the lower explosive limit. */
export function methaneAt(detector: "near" | "far", part: number): number {
  return between(detector === "near" ? NEAR : FAR, part);
}

/** Whether the crew has the cover of the manhole open. */
export function isCoverOpen(part: number): boolean {
  return part >= 0.81 && part < 0.93;
}

/** Between two keyframes the value goes over smoothly, outside it stays. */
function between(frames: readonly Keyframe[], part: number): number {
  const next = frames.findIndex(([at]) => part < at);
  if (next === -1) return frames.at(-1)?.[1] ?? 0;
  const [toPart, to] = frames[next] as Keyframe;
  const [fromPart, from] = frames[next - 1] ?? [toPart, to];
  if (fromPart === toPart) return to;
  const x = (part - fromPart) / (toPart - fromPart);
  return from + (to - from) * x * x * (3 - 2 * x);
}
