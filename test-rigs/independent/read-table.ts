import type { ReadOutcome, ReadRequest, Session } from "../../drivers/driver.ts";
import { planReads } from "../../drivers/modbus/plan.ts";
import type { Row } from "./table.ts";

/** The device that both servers are. */
const DEVICE = { name: "table", unit: 1, maxRegisters: 125, maxGap: 0 };
const LINE = { kind: "tcp", turnaroundMs: 5 } as const;

/** Reads every row of `rows` by the plan that the gateway makes; gives each one beside its row. */
export async function readTable(session: Session, rows: readonly Row[], signal: AbortSignal) {
  const read = new Map<string, unknown>();
  for (const request of planReads(
    DEVICE,
    rows.map(({ point }) => point),
    LINE,
  )) {
    const outcome = await session.read(request, signal);
    if (outcome.kind === "failure") {
      throw new Error(`${request.area} ${request.address}+${request.count}: ${outcome.reason}`);
    }
    for (const { point, value, quality } of outcome.readings) read.set(point, { value, quality });
  }
  return rows.map(({ point, held, expected }) => ({
    what: `${point.id} holding ${held}`,
    expected,
    read: read.get(point.id),
  }));
}

/** Reads every row of `rows` as `readTable` does, the areas at the same time. */
export async function readTableAtOnce(session: Session, rows: readonly Row[], signal: AbortSignal) {
  const areas = [...Map.groupBy(rows, ({ point }) => point.area).values()];
  return (await Promise.all(areas.map((area) => readTable(session, area, signal)))).flat();
}

/** Reads the one register of `unit` at `address`. */
export function readRaw(
  session: Session,
  { unit = 1, area = "holding", address = 0 }: Partial<ReadRequest>,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const point = { id: "raw", area, address, type: "uint16", order: "ABCD", length: 0 } as const;
  const scaling = { scale: 1, offset: 0, everyMs: 1000 };
  return session.read(
    {
      device: "raw",
      unit,
      area,
      address,
      count: 1,
      everyMs: 1000,
      points: [{ point: { ...point, ...scaling }, offset: 0 }],
    },
    signal,
  );
}

/** The `count` bits or unsigned registers of unit 1 from `address` on; empty where the read fails. */
export async function readValues(
  session: Session,
  { area, address, count }: Pick<ReadRequest, "area" | "address" | "count">,
): Promise<readonly unknown[]> {
  const type = area === "coil" || area === "discrete" ? "bool" : "uint16";
  const point = { id: "raw", area, address, type, order: "ABCD", length: 0 } as const;
  const scaling = { scale: 1, offset: 0, everyMs: 1000 };
  const points = Array.from({ length: count }, (_, offset) => ({
    point: { ...point, ...scaling },
    offset,
  }));
  const request = { device: "raw", unit: 1, area, address, count, everyMs: 1000, points };
  const outcome = await session.read(request, new AbortController().signal);
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : [];
}
