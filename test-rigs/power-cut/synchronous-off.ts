import Database from "better-sqlite3";

/**
 * Imported before the writer, so that its buffer never waits for the disk: what then is lost shows
 * that the power cuts find a buffer that does not flush.
 */
const pragma = Database.prototype.pragma;
Database.prototype.pragma = function (source, options) {
  return pragma.call(this, source === "synchronous = FULL" ? "synchronous = OFF" : source, options);
};
