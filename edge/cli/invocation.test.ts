import test from "ava";
import { GatewayError } from "../core/errors.ts";
import { failureOf } from "./invocation.ts";

test("a failure is told with its meaning and what to do, in the language asked for", (t) => {
  const error = new GatewayError("buffer.busy", "/var/lib/lifeline/buffer.db: locked");
  t.deepEqual(failureOf(error, "zh-CN"), {
    code: "buffer.busy",
    meaning: "另一个网关进程正在使用同一缓冲区",
    message: "/var/lib/lifeline/buffer.db: locked",
    advice: "停止另一个进程，或指定另一个 buffer.dir",
  });
  t.is(failureOf(error, "en").meaning, "another gateway process uses the same buffer");
});

test("an error in the program is told as one, without a stack trace", (t) => {
  const failure = failureOf(new TypeError("x is undefined"), "zh-CN");
  t.like(failure, { code: null, message: "x is undefined", meaning: "程序内部错误" });
  t.true(failure.advice.includes("lifeline --version"));
});
