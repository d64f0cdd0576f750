import { readFileSync } from "node:fs";

/** Version of this runtime, as its package says. */
export const RELEASE: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  }
).version;
