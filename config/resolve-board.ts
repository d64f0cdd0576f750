import { type BoardInput, isOutput, sourceOf } from "../edge/core/board.ts";
import { onDevice } from "../edge/core/measurement.ts";
import { type BoardKind, completeBoardPoint } from "./complete-board-point.ts";
import type { Findings } from "./findings.ts";
import type { BoardDeviceConfig, BoardPointConfig } from "./gateway-config.ts";
import { mergedPoints, noteAt } from "./merged-points.ts";
import type { Draft } from "./salvage.ts";
import type { DeviceInput } from "./schema.ts";

const DEVICE_KEYS = ["bus", "every", "silentAfter", "reference", "commit", "points"];

const USUAL_REFERENCE_V = 5;

/** Without a value for half a period more than one it is bad, but for so long a board may pause. */
const SILENT_PERIODS = 1.5;
const PAUSE_MS = 500;

/** Only a board has a reference voltage. */
const PLAIN_KEYS = DEVICE_KEYS.filter((key) => key !== "reference");

/** What is known of a device on a bus of kind firmata, gpio or local. */
type Parts = {
  readonly draft: Draft;
  readonly name: string;
  readonly on: BoardKind;
  readonly input: DeviceInput;
  /** The points of the devices before it on any board. */
  readonly others: readonly BoardDeviceConfig[];
  readonly findings: Findings;
};

/** Checks the device and its points; null where it has no bus of its own. */
export function resolveBoard(parts: Parts): BoardDeviceConfig | null {
  const { draft, name, on, input, others, findings } = parts;
  const path = ["devices", name];
  const allowed = on === "firmata" ? DEVICE_KEYS : PLAIN_KEYS;
  for (const key of Object.keys(input)) {
    if (allowed.includes(key)) continue;
    const params = { name: key, here: on === "firmata" ? "board" : on, allowed } as const;
    findings.add("key-elsewhere", params, [...path, key]);
  }
  const { names, sure } = draft.ownPoints(name);
  if (sure && names.length === 0) findings.add("no-points", null, path, "key");
  if (input.bus === undefined) return null;
  const before = others.filter(({ bus }) => bus === input.bus).flatMap(({ points }) => points);
  return { name, bus: input.bus, points: boardPoints(parts, before) };
}

function boardPoints(
  { name: device, on, input, findings }: Parts,
  before: readonly BoardPointConfig[],
): readonly BoardPointConfig[] {
  const points: BoardPointConfig[] = [];
  for (const [name, { point, everyMs }] of mergedPoints(input, null)) {
    if (point.derive !== undefined) continue;
    const path = ["devices", device, "points", name];
    const note = noteAt(path, point, true, findings);
    const complete = completeBoardPoint(point, { everyMs, on }, note);
    if (complete === null) continue;
    const conflict = conflictOf(complete.input, [...before, ...points]);
    if (conflict !== null) note("board-conflict", conflict, conflict.what);
    const { measurement } = complete;
    points.push({
      ...complete,
      id: `${device}.${name}`,
      device,
      reference: input.reference ?? USUAL_REFERENCE_V,
      measurement: measurement === null ? null : onDevice(measurement, device),
      everyMs,
      silentAfterMs: input.silentAfter ?? Math.max(SILENT_PERIODS * everyMs, everyMs + PAUSE_MS),
      write: isOutput(complete.input),
    });
  }
  return points;
}

/** The first of `others` beside which a board cannot read `input`. */
function conflictOf(
  input: BoardInput,
  others: readonly BoardPointConfig[],
): { readonly point: string; readonly what: "pullUp" | "chip" | "pin" | "line" } | null {
  for (const { id, input: other } of others) {
    if (sourceOf(input) === sourceOf(other)) {
      if ("line" in input) return { point: id, what: "line" };
      if (isOutput(input) || isOutput(other)) return { point: id, what: "pin" };
    }
    if (input.kind === "digital" && other.kind === "digital") {
      const isSame = sourceOf(input) === sourceOf(other);
      if (isSame && input.pullUp !== other.pullUp) return { point: id, what: "pullUp" };
    }
    const [own, theirs] = [chipAt(input), chipAt(other)];
    if (own === null || theirs === null) continue;
    if (own.address === theirs.address && own.chip !== theirs.chip) {
      return { point: id, what: "chip" };
    }
  }
  return null;
}

function chipAt(input: BoardInput): { readonly chip: string; readonly address: number } | null {
  if (input.kind === "ads1115") return { chip: input.kind, address: input.address };
  return input.kind === "chip" ? { chip: input.chip, address: input.address } : null;
}
