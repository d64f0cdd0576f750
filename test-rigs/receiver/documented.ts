import { Ajv } from "ajv";
import { type MessageName, messageSchema } from "../../edge/forward/contract/documents.ts";

const ajv = new Ajv({ allowUnionTypes: true });
const validators = new Map<MessageName, ReturnType<Ajv["compile"]>>();

const NAMES: Readonly<Record<string, MessageName>> = {
  readings: "readings",
  backlog: "readings",
  events: "event",
  status: "status",
  results: "result",
};

/**
 * What the contract's schema does not say of the message `payload`, a key that it does not name
 * among it; null where all of it is documented.
 */
export function findUndocumented(topic: string, payload: string): string | null {
  const name = NAMES[topic.split("/").at(-1) ?? ""];
  if (name === undefined) return `${topic} is no topic of the contract`;
  const validate = validators.get(name) ?? ajv.compile(messageSchema(name, "closed"));
  validators.set(name, validate);
  if (validate(JSON.parse(payload))) return null;
  const { errors } = validate;
  return `${topic}: ${ajv.errorsText(errors)}: ${payload.slice(0, 500)}`;
}
