import { crc16, passesCrc } from "./crc16.ts";
import { type Explanation, explain, explainDamaged, type Known } from "./explanation.ts";
import { EXCEPTION_BIT } from "./framer.ts";
import { type HintKind, type Remark, remark } from "./meaning.ts";
import { rtuHints, soundFrames } from "./rtu-hints.ts";

/** Unit, function and check sum: no frame is shorter. */
const SHORTEST = 4;

/** The two bytes of the check sum over `bytes`, as the wire carries them: the low byte first. */
function crcBytes(bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes);
  return Uint8Array.of(crc & 0xff, crc >>> 8);
}

/** What `bytes`, taken for one frame of a serial line, say (Modbus over serial line V1.02, 2.5.1). */
export function decodeRtu(bytes: Uint8Array, known: Known): Explanation {
  if (bytes.length < SHORTEST) {
    const faults = [remark("too-short", { missing: SHORTEST - bytes.length })];
    return explainDamaged({ bytes, body: bytes.subarray(0, 2), faults }, known);
  }
  const body = bytes.subarray(0, -2);
  const passes = passesCrc(bytes);
  const check = { given: bytes.slice(-2), computed: crcBytes(body), passes };
  if (passes) return explain({ bytes, body, check }, known);
  const parts = soundFrames(bytes).map(({ from, to }) => bytes.slice(from, to));
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  if (parts.length > 1 && total === bytes.length) {
    const faults = [remark("joined", { frames: parts.length })];
    const nobody = bytes.subarray(0, 0);
    return explainDamaged({ bytes, body: nobody, faults, hints: joinedHints(parts), parts }, known);
  }
  const faults = [remark("check-sum")];
  return explainDamaged({ bytes, body, check, faults, hints: rtuHints(bytes), parts }, known);
}

/** What two frames one behind the other are, where one repeats or answers the other. */
function joinedHints(frames: readonly Uint8Array[]): readonly Remark<HintKind>[] {
  const [first, second] = frames as [Uint8Array, Uint8Array];
  if (Buffer.compare(first, second) === 0) return [remark("twice")];
  const code = (second[1] as number) & ~EXCEPTION_BIT;
  return first[0] === second[0] && first[1] === code ? [remark("echo")] : [];
}
