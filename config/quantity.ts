/** What a duration looks like: a number and `ms`, `s`, `m`, `h` or `d`. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** What a size looks like: a number and `B`, `kB`, `MB`, `GB` or `TB`, powers of 1000. */
export const SIZE_PATTERN = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB)$/;

const MS_PER: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

const BYTES_PER: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["kB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
]);

/** The milliseconds of a text such as `500ms`, `5s`, `10m`, `2h` or `90d`; NaN for another text. */
export function parseDurationMs(text: string): number {
  return parse(text, DURATION_PATTERN, MS_PER);
}

/** The bytes of a text such as `64MB` or `2GB`; NaN for another text. */
export function parseSizeBytes(text: string): number {
  return parse(text, SIZE_PATTERN, BYTES_PER);
}

/** `ms` milliseconds as one writes them in `gateway.yaml`, in the largest unit that is whole. */
export function formatDuration(ms: number): string {
  return format(ms, MS_PER);
}

function parse(text: string, pattern: RegExp, factors: ReadonlyMap<string, number>): number {
  const [, digits = "", unit = ""] = pattern.exec(text) ?? [];
  const factor = factors.get(unit);
  // 0.1 + 0.2 arithmetic must not make 1.1s into 1100.0000000000002 ms.
  return factor === undefined ? Number.NaN : Math.round(Number(digits) * factor);
}

function format(amount: number, factors: ReadonlyMap<string, number>): string {
  const fitting = [...factors].filter(([, factor]) => amount >= factor && amount % factor === 0);
  const [unit, factor] = fitting.at(-1) ?? [...factors][0] ?? ["", 1];
  return `${amount / factor}${unit}`;
}
