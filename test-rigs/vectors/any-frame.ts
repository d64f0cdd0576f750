import fc from "fast-check";
import type { WallMs } from "../../edge/core/time.ts";
import type { Body, Part } from "../../edge/forward/sl651/body.ts";
import { ELEMENTS } from "../../edge/forward/sl651/elements.ts";
import type { Encoding, Frame } from "../../edge/forward/sl651/header.ts";
import { stampOf } from "../../edge/forward/sl651/times.ts";
import { datumOf } from "../../edge/forward/sl651/values.ts";
import { writeBody } from "../../edge/forward/sl651/write-body.ts";

const NUMBERS = ELEMENTS.filter(({ kind }) => kind === "number");
const MOMENT = fc.integer({ min: 946_684_800_000, max: 4_000_000_000_000 });
const stamp = (upTo: "minute" | "second") => MOMENT.map((at) => stampOf(at as WallMs, upTo));
const hex = (digits: number) =>
  fc.array(fc.constantFrom(..."0123456789ABCDEF"), { minLength: digits, maxLength: digits });
const hexText = (digits: number) => hex(digits).map((all) => all.join(""));

const STATION = fc.stringMatching(/^00[0-9]{8}$/);

/** An element, and a number that it can have, or none. */
const datum = (encoding: Encoding) =>
  fc
    .tuple(fc.constantFrom(...NUMBERS), fc.option(fc.integer({ min: -9999, max: 9999 })))
    .map(([element, digits]): Part => {
      const value = digits === null ? null : digits / 10 ** element.decimals;
      return { kind: "element", ...datumOf(encoding, element, value) };
    });

const special = (encoding: Encoding) =>
  fc.oneof(
    hexText(24).map((raw): Part => {
      const head = { lead: 0xf4, tag: "DRP", length: encoding === "hex" ? 12 : 0, decimals: 0 };
      return { kind: "element", head, raw };
    }),
    hexText(8).map((raw): Part => {
      const head = { lead: 0x45, tag: "ZT", length: encoding === "hex" ? 4 : 0, decimals: 0 };
      return { kind: "element", head, raw };
    }),
    stamp("minute").map((at): Part => ({ kind: "time", at })),
  );

/** What a timed report says behind station, class and time. */
const parts = (encoding: Encoding) =>
  fc.array(fc.oneof(datum(encoding), special(encoding)), { maxLength: 8 });

const report = (encoding: Encoding, station: string): fc.Arbitrary<Body> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 65_535 }),
      stamp("second"),
      fc.constantFrom("P", "H", "K", "G"),
      stamp("minute"),
      parts(encoding),
    )
    .map(([serial, sentAt, letter, at, more]) => {
      const head: readonly Part[] = [
        { kind: "station", address: station },
        { kind: "class", letter },
        { kind: "time", at },
      ];
      return { serial, sentAt, parts: [...head, ...more] };
    });

/** A frame and what stands in its body. */
export type FrameAndBody = { readonly frame: Frame; readonly body: Body };

/** A timed or extra report as a station may send it, of either form. */
export const ANY_REPORT: fc.Arbitrary<FrameAndBody> = fc
  .tuple(fc.constantFrom<Encoding>("hex", "ascii"), STATION)
  .chain(([encoding, station]) =>
    fc
      .record({
        body: report(encoding, station),
        centre: fc.integer({ min: 1, max: 255 }),
        password: hexText(4),
        functionCode: fc.constantFrom(0x30, 0x32, 0x33, 0x34, 0x37),
        end: fc.constantFrom<Frame["end"]>("ETX", "ETB"),
      })
      .map(({ body, centre, password, functionCode, end }) => ({
        body,
        frame: {
          encoding,
          direction: "up",
          centre,
          station,
          password,
          functionCode,
          packet: null,
          body: writeBody({ encoding, functionCode }, body),
          end,
        },
      })),
  );
