import test from "ava";
import { shownUrl } from "./shown-url.ts";

test("a url is shown without what may be a secret in it", (t) => {
  t.is(shownUrl("wss://h:443/mqtt?token=s3cret#x"), "wss://h:443/mqtt");
  t.is(shownUrl("mqtt://h"), "mqtt://h");
});
