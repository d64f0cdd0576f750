import { toJson } from "../core/json.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { say } from "./text.ts";

/** Tells a person, or with `json` a program, that the answer is no, and why; exit code 1. */
export function refuse(message: string, { json, lang }: Pick<Invocation, "json" | "lang">): 1 {
  const [meaning, advice] = [say(lang, "saidNo"), say(lang, "saidNoTodo")];
  if (json) print(toJson({ error: { code: "refused", meaning, message, advice } }));
  else complain(message);
  return 1;
}
