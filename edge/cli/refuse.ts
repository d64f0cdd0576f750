import { toJson } from "../core/json.ts";
import { complain, type Invocation, print } from "./invocation.ts";

/** Tells a person, or with `json` a program, that the answer is no, and why; exit code 1. */
export function refuse(message: string, { json }: Pick<Invocation, "json">): 1 {
  if (json) print(toJson({ error: { code: "refused", message, advice: null } }));
  else complain(message);
  return 1;
}
