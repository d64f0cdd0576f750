import { z } from "zod";
import {
  allowed,
  byKind,
  choice,
  duration,
  entries,
  refuse,
  section,
  text,
  whole,
} from "./fields.ts";
import { pointReference } from "./measure-schema.ts";

const SOURCES = { kind: "sources" } as const;

/** Points that stand for the same thing. */
function sources() {
  return z
    .array(pointReference(), refuse(SOURCES))
    .min(2, refuse(SOURCES))
    .max(16, refuse(SOURCES))
    .meta(allowed(SOURCES))
    .describe("The points, 2 to 16: of the same device by name, or device.point.");
}

const derive = byKind(
  [
    "expression",
    "min",
    "max",
    "mean",
    "median",
    "sum",
    "vote",
    "window-min",
    "window-max",
    "window-mean",
    "window-sum",
    "rate",
  ],
  [
    section({
      kind: choice(["expression"]).describe(
        "Arithmetic over other points. A bad one makes the result bad, an uncertain one uncertain. But one true side is enough for || and one false side for &&, and ? : needs only the side that it takes: where the result does not depend on the bad one it is uncertain:input.",
      ),
      is: text(400).describe(
        "Numbers, inputs, + - * /, comparisons, && || !, a ? b : c, and abs, sqrt, exp, ln, log10, sin, cos, tan (radians), floor, ceil, round, pow, atan2, clamp(x, low, high), min, max, mean, median. A comparison gives true or false.",
      ),
      of: entries("input", pointReference()).describe(
        "The inputs by the names they have in the expression, each with its point.",
      ),
    }).meta({ title: "expression" }),
    section({
      kind: choice(["min", "max", "mean", "median", "sum"]).describe(
        "Of those points that are good. median of three is what two of them agree on.",
      ),
      of: sources(),
      least: whole(1, 16)
        .optional()
        .describe(
          "With fewer good ones the result is bad:input; with fewer than all it is uncertain:input. Default: 1 for min and max, all for sum, more than half for mean and median.",
        ),
    }).meta({ title: "min, max, mean, median or sum" }),
    section({
      kind: choice(["vote"]).describe(
        "Whether at least need of the points are true (not 0), as 2 of 3.",
      ),
      of: sources(),
      need: whole(1, 16).describe("How many must be true."),
      unknown: choice(["as-true", "as-false", "bad"])
        .default("bad")
        .describe(
          "What a point without a value counts as; bad: where it matters, the result is bad:input.",
        ),
    }).meta({ title: "vote" }),
    section({
      kind: choice(["window-min", "window-max", "window-mean", "window-sum", "rate"]).describe(
        "Over the newest values of one point; rate is how fast it rises, by the line that fits them best.",
      ),
      of: pointReference().describe("The point: of the same device by name, or device.point."),
      over: duration("1s", "1d").describe(
        "How long. Until it has been filled, after a start or a bad value, the result is uncertain:input. A rate goes on across a bad value, and is bad:input until its values span half of this.",
      ),
      per: duration("1ms", "1d")
        .prefault("1s")
        .describe("For rate: the time that it is counted for, such as 1h for m/h."),
    }).meta({ title: "window or rate" }),
  ],
);

/** The key of a point that is worked out from others. */
export const DERIVE_SHAPE = {
  derive: derive
    .optional()
    .describe(
      "The point is worked out from others instead of being read. Its device needs no bus when all its points are.",
    ),
} as const;
