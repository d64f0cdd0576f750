/**
 * Whether a point is among `patterns`: ids parted by commas, in which `*` stands for any
 * characters and `?` for one; `gas-1` alone means all points of the device.
 */
export function pointPattern(patterns: string): (point: string) => boolean {
  const tests = patterns
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "")
    .map((pattern) => {
      const whole = pattern.includes(".") ? pattern : `${pattern}.*`;
      const source = whole.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
      return new RegExp(`^${source.replaceAll("?", ".")}$`, "s");
    });
  return (point) => tests.some((each) => each.test(point));
}
