import { z } from "zod";
import { allowed, duration, flag, real, refuse, section, whole } from "./fields.ts";
import { pointId } from "./point-schema.ts";

/** What an output can be: a number, true or false. */
function output() {
  return z
    .union([z.boolean(), z.number()], refuse({ kind: "number-or-flag" }))
    .meta(allowed({ kind: "number-or-flag" }));
}

const condition = section({
  point: pointId(),
  is: flag().optional(),
  above: real().optional(),
  below: real().optional(),
});

const deadMan = section({
  point: pointId().describe(
    "The point of the same device that holds its time-out, with unit s or ms. It is only ever read.",
  ),
  timeout: duration("10ms", "1h").describe(
    "What it must be: so long after the last request the device sets its outputs itself.",
  ),
}).meta({ title: "dead man" });

/** The keys of an interlock. */
export const interlockSchema = section({
  write: pointId().describe(
    "The output: a point with write: true, in area coil or holding on any Modbus bus, a digital pin of a board, or a GPIO line of this machine.",
  ),
  value: output().describe("What is written when it trips."),
  release: output()
    .optional()
    .describe(
      "What is written when no alarm of it is active any more and minOn is over. Without it the output stays until somebody resets it.",
    ),
  onFault: flag()
    .default(false)
    .describe(
      "Whether to act also when an alarm cannot be judged: a point of it has been bad for faultAfter, or more points of a vote than it can spare.",
    ),
  faultAfter: duration("0ms", "1d")
    .prefault("10s")
    .describe("How long the point must be bad until onFault acts."),
  minOn: duration("0ms", "1d").prefault("0ms").describe("The shortest time on."),
  maxOn: duration("100ms", "1d")
    .optional()
    .describe(
      "The longest time on: then it is released though its alarms are active, and is spent for those: it trips again for another alarm of it that comes, and for one of them only once that was over. A fault (onFault) is no other alarm. Needs release. Default: as long as one is active.",
    ),
  verify: flag()
    .optional()
    .describe(
      "Whether the output is read back after each write. Default: true, but for a point that reading clears. Of a board's pin the firmware says what it drives it with, of a GPIO line the kernel whether it is held; neither says what hangs on it. Where it is not, the device's answer is all there is; on a serial line whose bus does not say echo an answer that repeats the write may be its echo, and is told as repeated, not as confirmed.",
    ),
  retries: whole(0, 20)
    .default(3)
    .describe("How often a write that was not obeyed is tried again before that is told."),
  retryEvery: duration("50ms", "10s").prefault("500ms").describe("The pause between two tries."),
  expiry: duration("500ms", "10m")
    .prefault("10s")
    .describe(
      "A write that could not be done within this is never done late. While the condition stands it is ordered anew.",
    ),
  permissive: z
    .array(condition, refuse({ kind: "conditions" }))
    .max(8, refuse({ kind: "conditions" }))
    .default([])
    .meta(allowed({ kind: "conditions" }))
    .describe(
      "All of them must hold for it to trip; a point that is bad, or was not read yet, does not. Once it has tripped none matters.",
    ),
  deadMan: deadMan
    .optional()
    .describe(
      "The communication watchdog of the output's device: its time-out is read and told where it differs, never written. Not for a pin of a board or a GPIO line, which have none.",
    ),
  test: duration("100ms", "1m")
    .prefault("2s")
    .describe("How long lifeline interlock test keeps the output on."),
}).meta({ title: "interlock" });
