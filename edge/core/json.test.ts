import test from "ava";
import { toJson } from "./json.ts";

test("integers beyond 2^53 are written with all their digits", (t) => {
  t.is(
    toJson({ a: [18446744073709551615n, -9223372036854775808n], b: 1.5 }),
    '{"a":[18446744073709551615,-9223372036854775808],"b":1.5}',
  );
});
