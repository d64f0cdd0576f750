/**
 * The width of any text, in terminal cells. What tells it is loaded with the first text that needs
 * it, which only `require` does without waiting: to load it takes as long as all of Node does.
 */
exports.exactWidth = (text) => require("string-width").default(text);
