import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import type { Identity } from "../../../edge/world/identity/keeper.ts";
import { startEnrolment } from "../../centre/enrolment-server.ts";
import { newClaim, wayTo } from "../../centre/gateway-claim.ts";
import { tempDir } from "../../processes/child.ts";
import type { Flow } from "../each-step.ts";
import { FLOW } from "./flows.ts";
import { type Enrolling, identityDir, identityIn, NEVER, promoteIn } from "./own.ts";

type Server = Awaited<ReturnType<typeof startEnrolment>>;

/** How an identity changes. */
type Course = {
  readonly name: string;
  readonly run: "enrol" | "renew" | "forget" | "replace";
  /** The file whose making shows that the server had answered. */
  readonly answered: string | null;
  /** The board of the identity that there is before; null where there is none. */
  readonly board: string | null;
};

const COURSES: readonly Course[] = [
  { name: "enrolment", run: "enrol", answered: "credential.pem.new", board: null },
  { name: "renewal of an identity", run: "renew", answered: "next.pem.new", board: "board-1" },
  { name: "factory reset", run: "forget", answered: null, board: "board-1" },
  {
    ...{ name: "another identity in place of another board's", run: "replace" },
    ...{ answered: "credential.pem.new", board: "board-0" },
  },
];

/** The flows of identities, with a server that they end with `close`. */
export function identityFlows(): { readonly flows: readonly Flow[]; close(): Promise<void> } {
  const courses = COURSES.map((course) => new IdentityCourse(course));
  return {
    flows: courses.map((course) => course.flow),
    close: async () => {
      for (const course of courses) await course.close();
    },
  };
}

/** One course, and what its server knew before and after it. */
class IdentityCourse {
  readonly flow: Flow;
  readonly #course: Course;
  #dir = "";
  /** What the server knew when the course began. */
  #before = "";
  #server: Server | null = null;
  #enrolling: Enrolling = { server: null, claim: "" };
  /** The files of the identity before, and what they hold. */
  #files: ReadonlyMap<string, string> = new Map();

  constructor(course: Course) {
    this.#course = course;
    this.flow = {
      name: course.name,
      prepare: (dir) => this.#prepare(dir),
      command: (dir, control) => {
        const { server, claim } = this.#enrolling;
        return [
          process.execPath,
          FLOW,
          course.run,
          dir,
          control,
          server?.url ?? "",
          caOf(this.#enrolling),
          claim,
        ];
      },
      examine: (dir, before) => this.#examine(dir, before),
    };
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  async #prepare(dir: string): Promise<void> {
    await this.close();
    this.#dir = tempDir("centre");
    this.#server = await startEnrolment(this.#dir);
    const server = wayTo(this.#server);
    const { board } = this.#course;
    if (board !== null) {
      const claim = newClaim(this.#dir, "gw-1");
      await this.#grown(dir, identityIn(dir, { server, claim }, board));
    }
    this.#files = filesOf(dir);
    this.#enrolling = { server, claim: newClaim(this.#dir, "gw-1") };
    this.#before = tempDir("centre-before");
    cpSync(this.#dir, this.#before, { recursive: true });
  }

  /** An identity as the years leave it: with a certificate before, and one that was renewed. */
  async #grown(dir: string, identity: Identity): Promise<void> {
    await identity.enrol(NEVER);
    if (this.#course.run === "renew") return;
    await identity.renew(NEVER);
    promoteIn(dir);
    await identity.renew(NEVER);
  }

  /** With the server as it was when the power went. */
  async #examine(dir: string, before: readonly string[]): Promise<readonly string[]> {
    const isAnswered = before.some((text) => text.includes(this.#course.answered ?? "\n"));
    const knows = tempDir("centre-then");
    cpSync(isAnswered ? this.#dir : this.#before, knows, { recursive: true });
    const server = await startEnrolment(knows);
    try {
      const { claim } = this.#enrolling;
      return await this.#repeat(dir, { server: wayTo(server), claim }, before);
    } finally {
      await server.close();
    }
  }

  async #repeat(dir: string, enrolling: Enrolling, before: readonly string[]) {
    const identity = identityIn(dir, enrolling);
    const { state } = identity.standing();
    const faults = this.#faultsOf(dir, state, before);
    const { run } = this.#course;
    if (run === "renew") {
      const isThere = () => existsSync(join(identityDir(dir), "next.pem"));
      if (!isThere() && !before.includes("said renewed")) await identity.renew(NEVER);
      promoteIn(dir);
    }
    if (run === "forget") {
      identity.forget();
      return filesOf(dir).size === 0 && !hasRemains(dir) ? faults : [...faults, "it stays"];
    }
    if (run === "replace") await identity.replace(NEVER);
    else await identity.enrol(NEVER);
    const after = identity.standing();
    if (after.state !== "enrolled" || after.next !== null) faults.push(`repeated: ${after.state}`);
    if (hasRemains(dir)) faults.push("something of another identity remains");
    const credential = readFileSync(join(identityDir(dir), "credential.pem"), "utf8");
    if (!credential.includes("PRIVATE KEY")) faults.push("the certificate has no key");
    return faults;
  }

  #faultsOf(dir: string, state: string, before: readonly string[]): string[] {
    const { run } = this.#course;
    const faults: string[] = [];
    const isEnrolled = before.includes("said enrolled");
    if ((run === "renew" || isEnrolled) && state !== "enrolled") faults.push(`it is ${state}`);
    if (run !== "forget" && run !== "replace") return faults;
    // All of what was, or nothing of it.
    const files = filesOf(dir);
    const isWhole = isDeepStrictEqual(files, this.#files);
    const isOther = run === "replace" && state === "enrolled" && isAnother(files, this.#files);
    const isNone = run === "forget" && files.size === 0;
    const isOld = isWhole && !isEnrolled && !before.includes("said forgotten");
    if (!isOld && !isOther && !isNone) faults.push(`it is mixed: ${[...files.keys()]}`);
    return faults;
  }
}

/** The files of the identity of the gateway in `dir`, and what they hold. */
function filesOf(dir: string): ReadonlyMap<string, string> {
  const folder = identityDir(dir);
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).toSorted();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Whether there is anything of an identity beside the one in force. */
function hasRemains(dir: string): boolean {
  return readdirSync(join(dir, "var")).some((name) => name !== "identity");
}

/** Whether `files` are of one identity, and it is not that of `before`. */
function isAnother(
  files: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): boolean {
  const own = [...files.keys()].filter((name) => name !== "key.pem");
  return (
    isDeepStrictEqual(own, ["authorities.pem", "credential.pem", "hardware"]) &&
    files.get("hardware") !== before.get("hardware") &&
    files.get("credential.pem") !== before.get("credential.pem")
  );
}

function caOf({ server }: Enrolling): string {
  return `${server?.ca ?? ""}`;
}
