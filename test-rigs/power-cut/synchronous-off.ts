import Database from "better-sqlite3";

/**
 * Imported before the writer, so that its database never waits for the disk: what then is lost
 * shows that the power cuts find a buffer that does not flush.
 */
const pragma = Database.prototype.pragma;
Database.prototype.pragma = function (source, options) {
  const isFlushed = /^synchronous = (FULL|NORMAL)$/.test(source);
  return pragma.call(this, isFlushed ? "synchronous = OFF" : source, options);
};
