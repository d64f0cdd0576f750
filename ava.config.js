export default {
  extensions: ["ts"],
  files: ["{edge,drivers,config,buffer,ota,test-rigs}/**/*.test.ts"],
  failFast: false,
  timeout: "120s",
  // serialport 13 aborts the process when a worker thread that opened a port ends.
  workerThreads: false,
};
