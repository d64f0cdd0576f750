import { install } from "./install.ts";
import { missingPackages } from "./packages.ts";

/**
 * Installs, before the tests, the Debian packages that they need and that are missing; where it
 * may not, it prints the line that does and goes on: the tests that need them say so.
 */
install(missingPackages(), "Some tests will be skipped. To run them too");
