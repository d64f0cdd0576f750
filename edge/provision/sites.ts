import { parse } from "csv-parse/sync";
import { messageOf, type Text } from "../core/errors.ts";
import { isHardware } from "./personal.ts";

/** One line of the table: the gateway's id, and every column by its name. */
export type Site = { readonly id: string; readonly columns: Readonly<Record<string, string>> };

/** What is wrong with a table; `line` counts from 1, the head being the first. */
export type SiteFault = { readonly line: number; readonly text: Text };

/** More are not one batch: a sheet has some twenty labels. */
const SITES_MAX = 10_000;
/** What stands for bytes that are not UTF-8 where they were read as such. */
const UNREADABLE = "\uFFFD";
const OTHER_ENCODING = [
  "this is not UTF-8. In Excel: save as CSV UTF-8",
  "不是 UTF-8 编码。请在 Excel 中另存为“CSV UTF-8”",
] as const;
/** As `gateway.id` of the configuration. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The sites in `text` (CSV, RFC 4180, the first line naming the columns, one of them `id`), or all
 * that is wrong with it.
 */
export function sitesIn(text: string): { sites: readonly Site[]; faults: readonly SiteFault[] } {
  const strange = text.split("\n").findIndex((line) => line.includes(UNREADABLE));
  if (strange >= 0) return { sites: [], faults: [fault(strange + 1, ...OTHER_ENCODING)] };
  let rows: readonly Row[];
  try {
    rows = parse(text, {
      bom: true,
      columns: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    const why = messageOf(error);
    return { sites: [], faults: [fault(1, `this is no CSV: ${why}`, `不是有效的 CSV：${why}`)] };
  }
  const sites: Site[] = [];
  const faults: SiteFault[] = [];
  const lines = new Map<string, number>();
  for (const { record, info } of rows.slice(0, SITES_MAX)) {
    const { id, hardware = "" } = record;
    const found = faultOf(id, info.lines, lines) ?? hardwareFault(hardware, info.lines);
    if (found !== null || id === undefined) faults.push(...(found ?? []));
    else {
      lines.set(id, info.lines);
      sites.push({ id, columns: record });
    }
  }
  if (rows.length === 0) faults.push(fault(1, "there is no site in it", "其中没有站点"));
  if (rows.length > SITES_MAX) {
    faults.push(fault(SITES_MAX + 1, `more than ${SITES_MAX} sites`, `超过 ${SITES_MAX} 个站点`));
  }
  return { sites, faults };
}

type Row = {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
};

function faultOf(
  id: string | undefined,
  line: number,
  lines: ReadonlyMap<string, number>,
): readonly SiteFault[] | null {
  if (id === undefined) return [fault(1, "there is no column id", "缺少 id 列")];
  if (!ID.test(id) || /^\.+$/.test(id)) {
    const allowed = "A-Z a-z 0-9 . _ -";
    return [
      fault(
        line,
        `'${id}' is no gateway id. Allowed: 1 to 64 of ${allowed}`,
        `“${id}”不是网关 id。允许：1 至 64 个 ${allowed}`,
      ),
    ];
  }
  const before = lines.get(id);
  if (before === undefined) return null;
  return [fault(line, `${id} is on line ${before} already`, `${id} 已在第 ${before} 行出现`)];
}

/** Column hardware may be absent or empty: then nobody said. */
function hardwareFault(hardware: string, line: number): readonly SiteFault[] | null {
  if (hardware === "" || isHardware(hardware)) return null;
  return [
    fault(
      line,
      `'${hardware}' is no class of boards, such as rpi-arm64. Allowed: a-z 0-9 . _ -`,
      `“${hardware}”不是硬件类别（如 rpi-arm64）。允许：a-z 0-9 . _ -`,
    ),
  ];
}

function fault(line: number, en: string, zh: string): SiteFault {
  return { line, text: { en, "zh-CN": zh } };
}
