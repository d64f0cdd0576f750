import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Imported before the writer, so that its commits are not flushed: what then is lost shows that
 * the power cuts find one that says too early that it is durable.
 */
fs.fdatasyncSync = () => {};
syncBuiltinESMExports();
