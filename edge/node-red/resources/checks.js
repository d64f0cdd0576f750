/*
 * What the properties of the nodes must be: the same in the editor, which loads this file as a
 * script, and at run time, which imports it.
 */
globalThis.LifelineChecks = (() => {
  const PATTERN = /^[^\s,]{1,200}$/;
  const POINT = /^[\p{L}\p{N}][\p{L}\p{N}_-]*\.[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;
  const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u;

  /** The words of `text`, which commas, blanks or line ends part. */
  const listOf = (text) =>
    String(text ?? "")
      .split(/[\s,]+/)
      .filter((word) => word !== "");

  /** Whether `text` is 1 to 64 patterns of points, `*` being any run of characters. */
  const isPatterns = (text) => {
    const words = listOf(text);
    return words.length > 0 && words.length <= 64 && words.every((word) => PATTERN.test(word));
  };
  /** Whether `text` is the id of a point, `device.point`. */
  const isPoint = (text) => typeof text === "string" && POINT.test(text);
  /** Whether `text` is 1 to 64 ids of points. */
  const isPoints = (text) => {
    const words = listOf(text);
    return words.length > 0 && words.length <= 64 && words.every(isPoint);
  };
  /** Whether `text` can be the name of a gateway, an alarm or a key. */
  const isName = (text) => typeof text === "string" && NAME.test(text);
  const isSocket = (text) => typeof text === "string" && /^\/\S{1,100}$/.test(text);
  const isBroker = (text) => {
    if (typeof text !== "string" || !/^(mqtts?|wss?):\/\/\S+$/.test(text)) return false;
    // What an address holds is in the file of the flow: a password belongs into the credentials.
    return URL.canParse(text) && new URL(text).password === "";
  };
  const isSeconds = (text, min, max) => {
    const value = Number(text);
    return String(text).trim() !== "" && Number.isFinite(value) && value >= min && value <= max;
  };
  /** What is confirmed by whoever ticks the box: a list in another order is the same. */
  const confirmationOf = (text) => listOf(text).sort().join(" ");

  return {
    listOf,
    isPatterns,
    isPoint,
    isPoints,
    isName,
    isSocket,
    isBroker,
    isSeconds,
    confirmationOf,
  };
})();
