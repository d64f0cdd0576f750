import test from "ava";
import { ELEMENTS } from "../edge/forward/sl651/elements.ts";
import { SL651_TAGS } from "./sl651-tags.ts";

test("the tags that the configuration takes are those of the elements that can be sent", (t) => {
  const numbers = ELEMENTS.filter(({ kind }) => kind === "number").map(({ tag }) => tag);
  t.deepEqual(SL651_TAGS, numbers);
});
