import test from "ava";
import { actorName } from "./alarms.ts";

test("who acts is the user by name, or by number where the system knows no name", (t) => {
  const nameless = () => {
    throw new Error("ENOENT: no such file or directory, uv_os_get_passwd");
  };
  t.is(
    actorName(() => ({ username: "crew" }), 1000),
    "crew",
  );
  t.is(actorName(nameless, 54_321), "uid 54321");
});
