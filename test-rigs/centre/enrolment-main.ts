import { asked } from "../../ota/release/asked.ts";
import { startEnrolment } from "./enrolment-server.ts";

const { operands } = asked({
  name: "node test-rigs/centre/enrolment-main.ts",
  about: `The reference enrolment server, over HTTPS, until it is ended. DIR is its folder;
PORT is left out for a free one.`,
  options: {},
  operands: { value: "DIR [PORT]", least: 1, most: 2 },
});
const [dir = "", port = "0"] = operands;
const { url } = await startEnrolment(dir, { port: Number(port) });
console.log(`enrolment at ${url}`);
