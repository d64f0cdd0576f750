import type { OutputPoint, Pins } from "../acquire/pins.ts";
import type { Output } from "./output.ts";

/** An output of a board. */
export function pinOutput(point: OutputPoint, pins: Pick<Pins, "write" | "read">): Output {
  return {
    isComparable: true,
    isOwn: true,
    // The configuration was checked: it holds true and false.
    readAs: (value) => value,
    isRepeat: () => false,
    write: (value, until) => pins.write(point, value === true, until),
    read: async () => {
      const outcome = await pins.read(point);
      if (outcome.kind === "failure") return { kind: "none", reason: outcome.reason };
      const value = outcome.readings[0]?.value ?? null;
      return value === null ? { kind: "none", reason: "no-value" } : { kind: "value", value };
    },
  };
}
