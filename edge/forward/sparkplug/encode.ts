import type { Payload } from "./payload.ts";
import type { Field, MessageName } from "./schema.ts";
import { MESSAGES } from "./schema.ts";
import { FieldWriter } from "./writer.ts";

type Numbered = Field & { readonly number: number };

/** The fields of each message in the order of their numbers, which is that of the bytes. */
const ORDERED = new Map(
  Object.entries(MESSAGES).map(([name, fields]) => [
    name as MessageName,
    Object.entries(fields).map(
      ([number, field]): Numbered => ({ ...field, number: Number(number) }),
    ),
  ]),
);

/** The bytes of `payload`: of the same payload always the same. */
export function encodePayload(payload: Payload): Uint8Array {
  const writer = new FieldWriter();
  writeMessage(writer, "payload", payload);
  return writer.done();
}

function writeMessage(writer: FieldWriter, name: MessageName, message: object): void {
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of ORDERED.get(name) ?? []) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (!field.isRepeated) writeField(writer, field, value);
    else for (const each of value as readonly unknown[]) writeField(writer, field, each);
  }
}

/** The types of payloads say what kind each value is; there is no other check. */
function writeField(writer: FieldWriter, { number, kind }: Numbered, value: unknown): void {
  switch (kind) {
    case "uint32":
    case "uint64":
      writer.whole(number, value as number | bigint);
      break;
    case "bool":
      writer.flag(number, value as boolean);
      break;
    case "float":
      writer.float(number, value as number);
      break;
    case "double":
      writer.double(number, value as number);
      break;
    case "text":
      writer.text(number, value as string);
      break;
    case "bytes":
      writer.bytes(number, value as Uint8Array);
      break;
    default:
      writer.message(number, () => writeMessage(writer, kind, value as object));
  }
}
