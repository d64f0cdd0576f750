import { ByteWriter, ParquetWriter, schemaFromColumnData, type Writer } from "hyparquet-writer";
import type { StoredReading } from "../../buffer/selection.ts";
import type { ExportFile } from "./export-file.ts";
import type { Sheet } from "./export-sheet.ts";

/** So many readings are held in memory and written as one row group. */
const GROUP_ROWS = 20_000;

/**
 * Readings as a Parquet file (Snappy). A column holds one type: `value` is a double, with 1 and 0
 * for true and false; what a double does not hold exactly, and every text, stands in `text`.
 */
export function parquetSheet(file: Pick<ExportFile, "write">, stream: string): Sheet {
  const writer: Writer = Object.assign(new ByteWriter(), { flush, finish: flush });
  const bytes = writer as ByteWriter;
  function flush(): void {
    // A copy: the writer goes on in the same memory.
    file.write(bytes.getBytes().slice());
    bytes.index = 0;
  }
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnsOf([], stream) }),
    createdBy: "lifeline",
  });
  let waiting: StoredReading[] = [];
  const write = () => {
    if (waiting.length > 0) {
      void parquet.write({ columnData: columnsOf(waiting, stream), rowGroupSize: GROUP_ROWS });
    }
    waiting = [];
  };
  return {
    add: (readings) => {
      for (const reading of readings) waiting.push(reading);
      if (waiting.length >= GROUP_ROWS) write();
    },
    end: () => {
      write();
      return parquet.finish();
    },
  };
}

function columnsOf(readings: readonly StoredReading[], stream: string) {
  const ms = readings.map(({ at }) => BigInt(Math.round(at)));
  const given = { nullable: false };
  return [
    { name: "time", type: "TIMESTAMP" as const, data: ms, ...given },
    { name: "ms", type: "INT64" as const, data: ms, ...given },
    text("point", readings, ({ point }) => point),
    {
      name: "value",
      type: "DOUBLE" as const,
      nullable: true,
      data: readings.map(({ value }) =>
        value === null || typeof value === "string" ? null : Number(value),
      ),
    },
    text("text", readings, ({ value }) =>
      typeof value === "string" || typeof value === "bigint" ? String(value) : null,
    ),
    text("unit", readings, ({ unit }) => unit),
    text("quality", readings, ({ quality }) => quality),
    text("stream", readings, () => stream),
    {
      name: "seq",
      type: "INT64" as const,
      data: readings.map(({ seq }) => BigInt(seq)),
      ...given,
    },
    text("clock", readings, ({ clock }) => clock),
    count("window", readings, ({ thinned }) => thinned?.windowMs ?? null),
    number("min", readings, ({ thinned }) => thinned?.min ?? null),
    number("max", readings, ({ thinned }) => thinned?.max ?? null),
    number("mean", readings, ({ thinned }) => thinned?.mean ?? null),
    count("n", readings, ({ thinned }) => thinned?.n ?? null),
  ];
}

type NumberOf = (reading: StoredReading) => number | null;

function number(name: string, readings: readonly StoredReading[], numberOf: NumberOf) {
  return { name, type: "DOUBLE" as const, nullable: true, data: readings.map(numberOf) };
}

function count(name: string, readings: readonly StoredReading[], numberOf: NumberOf) {
  const whole = (number: number | null) => (number === null ? null : BigInt(number));
  const data = readings.map((reading) => whole(numberOf(reading)));
  return { name, type: "INT64" as const, nullable: true, data };
}

function text(
  name: string,
  readings: readonly StoredReading[],
  textOf: (reading: StoredReading) => string | null,
) {
  return { name, type: "STRING" as const, nullable: true, data: readings.map(textOf) };
}
