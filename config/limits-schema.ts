import { z } from "zod";
import { allowed, choice, duration, flag, pduAddress, refuse, section, whole } from "./fields.ts";

/** The data tables of the Modbus data model (Modbus Application Protocol V1.1b3, 4.3). */
export const AREAS = ["coil", "discrete", "input", "holding"] as const;

const forbiddenRange = section({
  area: choice(AREAS),
  address: pduAddress(),
  last: pduAddress().optional(),
}).refine(({ address, last = address }) => last >= address, refuse({ kind: "ranges" }));

/**
 * What a device takes and what it does not, in `gateway.yaml` and in a profile; `otherwise` begins
 * what holds where a key is left out, `gaps` is what else is to be said of those between points.
 */
export function limitsShape(otherwise: string, gaps = "") {
  return {
    maxRegisters: whole(1, 125)
      .optional()
      .describe(`At most this many registers in one request. Default: ${otherwise}125.`),
    maxBits: whole(1, 2000)
      .optional()
      .describe(
        `At most this many coils or discrete inputs in one request. Default: ${otherwise}2000.`,
      ),
    maxGap: whole(0, 124)
      .optional()
      .describe(
        `Up to this many registers (or 16 times as many bits) that no point needs are read over between two points, where that takes less time than another request; a device that refuses is then asked in parts. Default: ${otherwise}as many as save time. ${gaps}0 where reading what is not documented may do harm.`,
      ),
    forbidden: z
      .array(forbiddenRange, refuse({ kind: "ranges" }))
      .meta(allowed({ kind: "ranges" }))
      .optional()
      .describe(
        "What is never read, also not between two points: PDU addresses from address to last, one address without last. A device adds to what its profile forbids.",
      ),
    readAlone: flag()
      .optional()
      .describe(`Whether each value is read in a request of its own. Default: ${otherwise}false.`),
    timeout: duration("10ms", "2m")
      .optional()
      .describe(
        `Time from the end of a request to the whole answer. Default: ${otherwise}the bus's.`,
      ),
    silence: duration("1ms", "1s")
      .optional()
      .describe(
        `Silence that the device needs before a request, where 3.5 characters are too little for it. Default: ${otherwise}the bus's.`,
      ),
    turnaround: duration("0ms", "1m")
      .optional()
      .describe(
        `How long the device takes to begin its answer, as far as is known. The plan and the check of the line's load count with it. Default: ${otherwise}the bus's.`,
      ),
  };
}

/** The keys of `limitsShape`, which mean nothing to a device that talks by itself. */
export const LIMIT_KEYS = Object.keys(limitsShape("")) as (keyof ReturnType<typeof limitsShape>)[];
