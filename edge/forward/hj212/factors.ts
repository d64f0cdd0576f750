import type { Text } from "../../core/errors.ts";
import { isNumber } from "./checks.ts";
import { DATA_FIELDS, EQUIPMENT_STATES, MARKS, partsOf } from "./data-names.ts";
import type { Group, Item, Packet } from "./packet.ts";
import { pollutantOf } from "./pollutants.ts";

/** One thing that is said of a factor. */
export type FactorField = {
  /** What stands behind the dash: `Rtd`, `Avg`, `Flag` and so on. */
  readonly field: string;
  /** As it was sent. */
  readonly value: string;
  /** The value where it is a number; null where it is none. */
  readonly number: number | null;
  /** UCUM; null where none is known. */
  readonly unit: string | null;
  /** What a mark or state stands for; null for others. */
  readonly meaning: Text | null;
};

/** What a packet says of one factor or piece of equipment. */
export type Factor = {
  /** `w01018`, `SB1`. */
  readonly code: string;
  readonly name: Text | null;
  readonly fields: readonly FactorField[];
  /** Its mark, `N` where the value can be believed; null where none is given. */
  readonly mark: string | null;
};

/** The factors of a packet in its order; those named twice are one. */
export function factorsOf({ cp }: Pick<Packet, "cp">): readonly Factor[] {
  const byCode = new Map<string, FactorField[]>();
  for (const { name, value } of cp.flat()) {
    const parts = partsOf(name);
    if (parts === null) continue;
    const fields = byCode.get(parts.code) ?? [];
    fields.push(factorField(parts.code, parts.field, value));
    byCode.set(parts.code, fields);
  }
  return Array.from(byCode, ([code, fields]) => ({
    code,
    name: pollutantOf(code)?.name ?? null,
    fields,
    mark: fields.find(({ field }) => field === "Flag")?.value ?? null,
  }));
}

/** The items that belong to no factor: parameters of the command. */
export function parametersOf({ cp }: Pick<Packet, "cp">): readonly Item[] {
  return cp.flat().filter(({ name }) => partsOf(name) === null);
}

/** One factor as a group: `w01018-Rtd=2.2,w01018-Flag=N` of code and fields. */
export function factorGroup(code: string, fields: Readonly<Record<string, string>>): Group {
  return Object.entries(fields).map(([field, value]) => ({ name: `${code}-${field}`, value }));
}

function factorField(code: string, field: string, value: string): FactorField {
  const kind = Object.hasOwn(DATA_FIELDS, field) ? DATA_FIELDS[field]?.kind : undefined;
  const number = kind === "number" && isNumber(value) ? Number(value) : null;
  const pollutant = pollutantOf(code);
  const unit = field === "Cou" ? pollutant?.total : pollutant?.unit;
  return {
    field,
    value,
    number,
    unit: number === null ? null : (unit ?? null),
    meaning: meaningOf(field, value),
  };
}

function meaningOf(field: string, value: string): Text | null {
  const table = field === "Flag" ? MARKS : field === "RS" ? EQUIPMENT_STATES : {};
  return Object.hasOwn(table, value) ? (table[value] ?? null) : null;
}
