import { userInfo } from "node:os";
import process from "node:process";
import { allPoints, type BoardPointConfig, type PointConfig } from "../../config/gateway-config.ts";
import { encode, extremesOf } from "../../drivers/modbus/encode.ts";
import { typedValue } from "../control/typed-value.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { Value } from "../core/reading.ts";
import { hasTerminal } from "../world/confirm.ts";
import { actorName } from "./alarms-act.ts";
import { agreesTo } from "./consent.ts";
import { sayField } from "./field-text.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { reachField, type Written } from "./reach-field.ts";
import { outcomeKey, reasonText } from "./reason-text.ts";
import { refuse } from "./refuse.ts";
import { sayQuality } from "./text.ts";
import { unknownPoint } from "./unknown-point.ts";
import { usableConfig } from "./usable-config.ts";
import { writeRaw } from "./write-raw.ts";

/**
 * `lifeline write POINT VALUE` and `lifeline write BUS UNIT AREA ADDRESS VALUE...`: asks, writes
 * once in the user's name, and tells what came of it.
 */
export async function write(invocation: Invocation): Promise<number> {
  const { lang, json, operands, yes, type, order } = invocation;
  const [id, text, ...more] = operands;
  if (id !== undefined && !id.includes(".")) return await writeRaw(invocation);
  if (id === undefined || text === undefined || more.length > 0) {
    return misuse(sayField(lang, "writeUsage"), invocation);
  }
  if (type !== undefined || order !== undefined) {
    return misuse(sayField(lang, "onlyByAddress"), invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const pins = config.boards.flatMap(({ points }) => points.filter(({ write }) => write));
  const point = [...config.points, ...pins].find((point) => point.id === id);
  if (point === undefined) {
    const isTold = allPoints(config).some((each) => each.id === id);
    const why = isTold
      ? sayField(lang, "toldNotWritten", { point: id })
      : unknownPoint(config, id, lang);
    return refuse(why, invocation);
  }
  const wanted = wantedOf(point, text, lang);
  if ("refusal" in wanted) return refuse(wanted.refusal, invocation);
  if (!yes && !hasTerminal()) return misuse(sayField(lang, "needsYes"), invocation);
  const field = await reachField(config);
  try {
    if (!yes) {
      const [before] = await field.read({ points: [id] });
      const quality = sayQuality(lang, before?.quality ?? "");
      const old = shown(before?.value ?? null);
      const parameters = { point: id, old, quality, value: shown(wanted.value) };
      const agrees = await agreesTo(sayField(lang, "question", parameters));
      if (!agrees) return refuse(sayField(lang, "notWritten"), invocation);
    }
    const who = actorName(userInfo, process.getuid?.());
    const written = await field.write({ point: id, value: text, who }, wanted.value);
    print(json ? toJson({ ...written, who }) : outcomeText(written, lang));
    const { notRecorded } = written;
    if (notRecorded !== undefined) {
      complain(sayField(lang, "notRecorded", { point: id, cause: notRecorded }));
    }
    return written.outcome === "done" ? 0 : 1;
  } finally {
    field.close();
  }
}

/** The value to be written, or why not, as a sentence. */
function wantedOf(
  point: PointConfig | BoardPointConfig,
  text: string,
  lang: Lang,
): { readonly value: Value } | { readonly refusal: string } {
  const { id } = point;
  if (!point.write) return { refusal: sayField(lang, "mayNotWrite", { point: id }) };
  const { type, scale, offset } = point;
  const value = typedValue(point, text);
  if (value === null) return { refusal: sayField(lang, "noValue", { point: id, text, type }) };
  if (!("area" in point)) return { value };
  const encoded = encode(point, value);
  if (encoded.kind === "write") return { value: encoded.value };
  const { nearest } = encoded;
  const extremes = extremesOf(point);
  if (nearest === null && extremes !== null) {
    const [min, max] = extremes;
    const unit = point.unit === null ? "" : ` ${point.unit}`;
    return { refusal: sayField(lang, "unfitRange", { point: id, text, type, min, max, unit }) };
  }
  if (nearest === null) {
    return { refusal: sayField(lang, "unfit", { point: id, text, type, scale, offset }) };
  }
  return { refusal: sayField(lang, "unfitNearest", { point: id, text, nearest: shown(nearest) }) };
}

function outcomeText({ point, old, value, outcome, cause }: Written, lang: Lang): string {
  const why = reasonText(cause, lang);
  return sayField(lang, outcomeKey({ outcome, cause }), {
    point,
    old: shown(old),
    value: shown(value),
    cause: why,
  });
}

function shown(value: Value | null): string {
  return value === null ? "?" : String(value);
}
