import { workerArguments } from "./test-rigs/runner/worker.ts";

export default {
  extensions: ["ts"],
  files: ["{edge,drivers,config,buffer,ota,test-rigs}/**/*.test.ts"],
  failFast: false,
  timeout: "120s",
  // Most of them wait for real lines, brokers and processes: two at a time leave a machine idle.
  concurrency: 4,
  // serialport 13 aborts the process when a worker thread that opened a port ends.
  workerThreads: false,
  nodeArguments: await workerArguments(),
};
