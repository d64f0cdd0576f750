import { enableCompileCache, registerHooks } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setFlagsFromString } from "node:v8";

/** How long the program took to start. */
export type Timing = {
  /** The command is loaded, and begins. */
  readonly loaded: () => void;
  /** `timing: node 40 ms, loaded 110 ms, done 130 ms, modules 61`, each since the process began. */
  readonly told: () => string;
};

/**
 * What every start begins with: what is compiled is kept, beside the packages of the release, for
 * the next; where that cannot be written it is compiled each time. Takes `--timing` out of `args`,
 * which, as LIFELINE_TIMING in the environment, asks for how long the start takes.
 */
export function begin(args: readonly string[]): {
  readonly args: readonly string[];
  readonly timing: Timing | null;
} {
  // They are meant for the main thread, whose heap is made by now. Left set, they outdo what a thread
  // is limited to. Set here, because code kept under other flags is compiled anew.
  setFlagsFromString("--min-semi-space-size=0");
  setFlagsFromString("--max-semi-space-size=0");
  const isAsked = args.includes("--timing") || Boolean(process.env.LIFELINE_TIMING);
  const timing = isAsked ? timed() : null;
  // Never where others may write: what lies there is run.
  const root = join(import.meta.dirname, "..", "..");
  if (!process.env.NODE_COMPILE_CACHE) {
    enableCompileCache(join(root, "node_modules", ".cache", "node"));
  }
  return { args: args.filter((arg) => arg !== "--timing"), timing };
}

function timed(): Timing {
  let modules = 0;
  let loadedMs: number | null = null;
  registerHooks({
    load: (url, context, next) => {
      if (!url.startsWith("node:")) modules++;
      return next(url, context);
    },
  });
  return {
    loaded: () => {
      loadedMs ??= performance.now();
    },
    told: () => {
      const whole = (ms: number) => `${Math.round(ms)} ms`;
      const node = whole(performance.nodeTiming.bootstrapComplete);
      const loaded = loadedMs === null ? "" : ` loaded ${whole(loadedMs)},`;
      return `timing: node ${node},${loaded} done ${whole(performance.now())}, modules ${modules}`;
    },
  };
}
