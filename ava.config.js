import { workerArguments } from "./test-rigs/runner/worker.ts";

/** One of these alone would go on at the end, while a machine of several processors waits. */
const LONGEST = /(swarm.seeds-\d+|rollout.fleet|built-release|buffer.room)\.test\.ts$/;
const isLong = (file) => LONGEST.test(file);

export default {
  extensions: ["ts"],
  files: ["{edge,drivers,config,buffer,ota,test-rigs}/**/*.test.ts"],
  failFast: false,
  timeout: "120s",
  // Most of them wait for real lines, brokers and processes: one a processor leaves a machine idle.
  concurrency: 5,
  sortTestFiles: (one, other) => isLong(other) - isLong(one) || (one < other ? -1 : 1),
  // serialport 13 aborts the process when a worker thread that opened a port ends.
  workerThreads: false,
  nodeArguments: await workerArguments(),
};
