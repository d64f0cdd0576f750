import type { Heard } from "../../drivers/modbus/conversation.ts";
import { FUNCTION_NAMES } from "../../drivers/modbus/function-names.ts";
import type { Meaning } from "../../drivers/modbus/meaning.ts";
import { hexOf } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { sayHint, sayNote } from "./decode-text.ts";
import { faultText } from "./frame-view.ts";

/** All that can be said of a frame, for a program: kinds are stable, `text` is for people. */
export function frameJson({ role, explanation }: Heard, lang: Lang): object {
  const { bytes, transaction, unit, functionCode, isException, check, faults } = explanation;
  return {
    hex: hexOf(bytes),
    role,
    sound: faults.length === 0,
    transaction,
    unit,
    function: functionCode,
    functionName: FUNCTION_NAMES[functionCode ?? 0]?.[lang] ?? null,
    exception: isException,
    meanings: explanation.meanings.map((meaning) => meaningJson(meaning, lang)),
    checkSum: check && {
      given: hexOf(check.given),
      computed: hexOf(check.computed),
      right: check.passes,
    },
    faults: faults.map((fault) => ({
      kind: fault.kind,
      ...fault.data,
      text: faultText(fault, lang),
    })),
    hints: explanation.hints.map(({ kind, data }) => {
      return { kind, ...data, text: sayHint(lang, kind, data) };
    }),
    notes: explanation.notes.map(({ kind, data }) => {
      return { kind, ...data, text: sayNote(lang, kind, data) };
    }),
    parts: explanation.parts.map(hexOf),
  };
}

function meaningJson({ direction, fields }: Meaning, lang: Lang): object {
  return {
    direction,
    fields: fields.map(({ name, index, bytes, value, meaning }) => {
      return { name, index, hex: hexOf(bytes), value, meaning: meaning?.[lang] ?? null };
    }),
  };
}
