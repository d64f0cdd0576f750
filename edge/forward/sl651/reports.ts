import type { Sl651Destination } from "../../../config/centre-config.ts";
import type { WallMs } from "../../core/time.ts";
import type { Body, Part } from "./body.ts";
import { type Element, elementByTag } from "./elements.ts";
import type { Frame } from "./header.ts";
import { stampOf } from "./times.ts";
import { type Datum, datumOf, stateDatum } from "./values.ts";
import { writeBody } from "./write-body.ts";

/** Of a destination what its frames carry. */
export type Station = Pick<
  Sl651Destination,
  "centre" | "station" | "stationClass" | "password" | "encoding"
>;

/** Beyond this no number has a form that a centre could read. */
const LARGEST = 1e12;

/** A frame of `station` with this body, to the end. */
export function frameOf(station: Station, functionCode: number, body: Body): Frame {
  const { encoding, centre, password } = station;
  return {
    encoding,
    direction: "up",
    centre,
    station: station.station,
    password,
    functionCode,
    packet: null,
    body: writeBody({ encoding, functionCode }, body),
    end: "ETX",
  };
}

/** Whose data follow, observed when (SL 651-2014, 6.6.2.8). */
export function observation({ station, stationClass }: Station, at: WallMs): readonly Part[] {
  return [
    { kind: "station", address: station },
    { kind: "class", letter: stationClass },
    { kind: "time", at: stampOf(at, "minute") },
  ];
}

/** Whose data follow, where neither class nor time does. */
export function stationPart({ station }: Station): Part {
  return { kind: "station", address: station };
}

/** `value` of the element `tag`; null, and what has no form, is told as missing. */
export function elementPart({ encoding }: Station, tag: string, value: number | null): Part {
  return { kind: "element", ...datumFor(encoding, tag, value) };
}

/** The state word as an element. */
export function statePart({ encoding }: Station, word: number): Part {
  return { kind: "element", ...stateDatum(encoding, elementByTag("ZT") as Element, word) };
}

/** Values of one element at equal steps, the first at `from` (SL 651-2014, function 31). */
export function uniformParts(
  station: Station,
  tag: string,
  { from, stepMs }: { readonly from: WallMs; readonly stepMs: number },
  values: readonly (number | null)[],
): readonly Part[] {
  const { encoding } = station;
  const data = sameLength(values.map((value) => datumFor(encoding, tag, value)));
  const head = data[0]?.head ?? datumFor(encoding, tag, null).head;
  return [
    ...observation(station, from),
    { kind: "step", raw: stepText(encoding, stepMs) },
    { kind: "uniform", heads: [head], raws: data.map(({ raw }) => raw) },
  ];
}

function datumFor(encoding: Station["encoding"], tag: string, value: number | null): Datum {
  const isTold = value !== null && Math.abs(value) < LARGEST;
  return datumOf(encoding, elementByTag(tag) as Element, isTold ? value : null);
}

/** One identifier says the length of all: shorter ones are filled, before the digits. */
function sameLength(data: readonly Datum[]): readonly Datum[] {
  const length = Math.max(0, ...data.map(({ head }) => head.length));
  return data.map(({ head, raw }) => {
    const missing = /^F+$/.test(raw);
    const sign = !missing && raw.startsWith("FF") ? "FF" : "";
    const digits = raw.slice(sign.length);
    const filled =
      head.length === 0 ? digits : digits.padStart(2 * length - sign.length, missing ? "F" : "0");
    return { head: { ...head, length }, raw: sign + filled };
  });
}

/** Days, hours or minutes: ddhhmm, or DRD, DRH and DRN (SL 651-2014, tables C.2 and C.3). */
function stepText(encoding: Station["encoding"], stepMs: number): string {
  const minutes = Math.round(stepMs / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [unit, count] =
    minutes % 1440 === 0
      ? (["D", minutes / 1440] as const)
      : minutes % 60 === 0
        ? (["H", minutes / 60] as const)
        : (["N", minutes] as const);
  if (encoding === "ascii") return `DR${unit}${two(count)}`;
  return ["D", "H", "N"].map((each) => two(each === unit ? count : 0)).join("");
}
