import { registerHooks } from "node:module";
import { standIns } from "./worker.ts";

const standing = standIns();

/** Whoever asks for one of ava's files gets what stands for it. */
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const url = standing.get(found.url);
    return url === undefined ? found : { ...found, url };
  },
});
