export default {
  extensions: ["ts"],
  files: ["{edge,drivers,config,buffer,ota,test-rigs}/**/*.test.ts"],
  failFast: false,
  timeout: "120s",
};
