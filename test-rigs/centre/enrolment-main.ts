import process from "node:process";
import { startEnrolment } from "./enrolment-server.ts";

/** `node test-rigs/centre/enrolment-main.ts DIR [PORT]`: the reference enrolment server. */
const [dir = "", port = "0"] = process.argv.slice(2);
if (dir === "") throw new Error("name the folder of the server");
const { url } = await startEnrolment(dir, { port: Number(port) });
console.log(`enrolment at ${url}`);
