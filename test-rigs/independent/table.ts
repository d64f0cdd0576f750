import type {
  Area,
  ByteOrder,
  DriverPoint,
  PointReading,
  PointType,
} from "../../drivers/driver.ts";

/** A value on a device, as a server is told to hold it, and what reading it must give. */
export type Row = {
  readonly point: DriverPoint;
  /**
   * As the servers read it: a decimal number, `nan`, `inf` or `-inf`; for BCD the digits as
   * hexadecimal; for a text its UTF-8 bytes as hexadecimal.
   */
  readonly held: string;
  readonly expected: Omit<PointReading, "point">;
};

/** What is held, and the value that it must be read as where that is not the same. */
type Sample = readonly [held: string, expected: PointReading["value"] | Unknown];

type Unknown = "bad:not-a-number" | "bad:invalid-bcd";

const SAMPLES: Readonly<Record<PointType, readonly Sample[]>> = {
  bool: [
    ["0", false],
    ["1", true],
  ],
  int16: integers("-32768", "-12345", "-1", "0", "1", "256", "32767"),
  uint16: integers("0", "1", "255", "256", "32768", "65535"),
  int32: integers("-2147483648", "-123456", "-1", "0", "65536", "2147483647"),
  uint32: integers("0", "1", "65535", "305419896", "2147483648", "4294967295"),
  int64: integers(
    "-9223372036854775808",
    "-9007199254740991",
    "-1",
    "0",
    "81985529216486895",
    "9223372036854775807",
  ),
  uint64: integers("0", "1", "9007199254740991", "9007199254740993", "18446744073709551615"),
  float32: [
    ...decimals("0", "1", "-12.5", "123.456", "-0.001", "3.4028235e38", "-1.1754944e-38", "1e-45"),
    ...notNumbers(),
  ],
  float64: [
    ...decimals("0", "-0.001", "123.456", "1.7976931348623157e308", "-5e-324"),
    ...notNumbers(),
  ],
  bcd16: [
    ["0000", 0],
    ["1234", 1234],
    ["9999", 9999],
    ["12A4", "bad:invalid-bcd"],
  ],
  bcd32: [
    ["00000000", 0],
    ["12345678", 12_345_678],
    ["99999999", 99_999_999],
    ["F2345678", "bad:invalid-bcd"],
  ],
  string: [
    [bytes("GD-2026 v1"), "GD-2026 v1"],
    [bytes("水位 3号井"), "水位 3号井"],
    [bytes("A "), "A"],
    [bytes(" "), ""],
  ],
};

const ORDERS: readonly ByteOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

/** More than two bytes of bits, in a pattern that no shift gives again. */
const BITS = "1101001110010101000111";

/** Registers of the texts: more than the longest sample needs. */
const TEXT_LENGTH = 10;

/** After so many points an address is left free, so that the plan has holes to go round. */
const HOLE_AFTER = 17;

/** Every area with every type, order and sample. Addresses of an area follow each other. */
export function tableOf(sizeOf: (point: DriverPoint) => number): readonly Row[] {
  const rows: Row[] = [];
  for (const area of ["coil", "discrete", "input", "holding"] as const) {
    let address = 0;
    for (const { type, order, held, expected } of samplesOf(area)) {
      const id = `${area}.${type}.${order}.${address}`;
      const length = type === "string" ? TEXT_LENGTH : 0;
      const scaling = { scale: 1, offset: 0, everyMs: 1000 };
      const point = { id, area, address, type, order, length, ...scaling };
      rows.push({ point, held, expected });
      address += sizeOf(point) + (rows.length % HOLE_AFTER === 0 ? 1 : 0);
    }
  }
  return rows;
}

/** One line for each row, as both servers read it: area, address, type, order, length, held. */
export function linesOf(rows: readonly Row[]): string {
  const lines = rows.map(({ point: { area, address, type, order, length }, held }) =>
    [area, address, type, order, length, held].join(" "),
  );
  return `${lines.join("\n")}\n`;
}

function samplesOf(
  area: Area,
): readonly (Pick<DriverPoint, "type" | "order"> & Omit<Row, "point">)[] {
  if (area === "coil" || area === "discrete") {
    return Array.from(BITS, (held) => ({
      type: "bool",
      order: "ABCD",
      held,
      expected: judged(held === "1"),
    }));
  }
  return (Object.keys(SAMPLES) as PointType[]).flatMap((type) =>
    ORDERS.flatMap((order) =>
      SAMPLES[type].map(([held, expected]) => ({ type, order, held, expected: judged(expected) })),
    ),
  );
}

function judged(expected: Sample[1]): Row["expected"] {
  return expected === "bad:not-a-number" || expected === "bad:invalid-bcd"
    ? { value: null, quality: expected }
    : { value: expected, quality: "good" };
}

function integers(...texts: readonly string[]): readonly Sample[] {
  return texts.map((text) => {
    const isSafe = Number.isSafeInteger(Number(text));
    return [text, isSafe ? Number(text) : BigInt(text)];
  });
}

function decimals(...texts: readonly string[]): readonly Sample[] {
  return texts.map((text) => [text, Number(text)]);
}

function notNumbers(): readonly Sample[] {
  return ["nan", "inf", "-inf"].map((text) => [text, "bad:not-a-number"]);
}

function bytes(text: string): string {
  return Buffer.from(text).toString("hex");
}
