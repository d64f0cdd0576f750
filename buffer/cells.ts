import { crc32 } from "node:zlib";

type Cells = readonly (string | number | null)[];

/** The CRC-32 of the cells of a row, its key among them: a row that moved is damaged too. */
export function checkSum(...cells: Cells): number {
  return crc32(JSON.stringify(cells));
}

/** Whether `cells` are what was stored with `crc`; null stands for a row from before check sums. */
export function isIntact(crc: number | null, ...cells: Cells): boolean {
  return crc === null || crc === checkSum(...cells);
}

/** What a cell says; null where it is missing or damaged, which is then as if it were missing. */
export function parsed<Type>(text: string | undefined): Type | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as Type);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
