import { fork } from "node:child_process";
import { once } from "node:events";
import { GatewayError, type Lang } from "../edge/core/errors.ts";
import type { LoadResult } from "./load.ts";

/** What the process sends: the result, or why the file could not be read. */
export type ReadAnswer =
  | { readonly kind: "result"; readonly result: LoadResult }
  | { readonly kind: "unreadable"; readonly message: string };

/**
 * `readConfig` in a process that ends with it: the checks need some forty megabytes, which a
 * gateway that runs for years would otherwise keep. Throws `config.unreadable`, in `lang`.
 */
export async function readConfigApart(file: string, lang: Lang): Promise<LoadResult> {
  const child = fork(new URL("./read-process.ts", import.meta.url), [file, lang], {
    // As JSON a map would come as an empty object, and a number without end as null.
    serialization: "advanced",
  });
  // The end may be known before what was sent has been read; all of that is before "disconnect".
  const over = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  const ended = over.then(([[code, signal]]): never => {
    throw new Error(`the reader of ${file} ended with ${code ?? signal} and no answer`);
  });
  const answered = once(child, "message") as Promise<[ReadAnswer]>;
  const [answer] = await Promise.race([answered, ended]);
  ended.catch(() => {});
  if (answer.kind === "unreadable") throw new GatewayError("config.unreadable", answer.message);
  return answer.result;
}
