import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { startEnrolment } from "../../centre/enrolment-server.ts";
import { newClaim, wayTo } from "../../centre/gateway-claim.ts";
import { tempDir } from "../../processes/child.ts";
import type { Flow } from "../each-step.ts";
import { FLOW } from "./flows.ts";
import { type Enrolling, identityIn, NEVER, promoteIn } from "./own.ts";

type Server = Awaited<ReturnType<typeof startEnrolment>>;

/** How an identity changes. */
type Course = {
  readonly name: string;
  readonly run: "enrol" | "renew" | "forget" | "replace";
  /** The file whose making shows that the server had answered. */
  readonly answered: string | null;
  readonly isEnrolled: boolean;
};

const COURSES: readonly Course[] = [
  { name: "enrolment", run: "enrol", answered: "credential.pem.new", isEnrolled: false },
  { name: "renewal of an identity", run: "renew", answered: "next.pem.new", isEnrolled: true },
  { name: "factory reset", run: "forget", answered: null, isEnrolled: true },
  {
    ...{ name: "another identity in place of one", run: "replace" },
    ...{ answered: "credential.pem.new", isEnrolled: true },
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
    if (this.#course.isEnrolled) {
      await identityIn(dir, { server, claim: newClaim(this.#dir, "gw-1") }).enrol(NEVER);
    }
    this.#enrolling = { server, claim: newClaim(this.#dir, "gw-1") };
    this.#before = tempDir("centre-before");
    cpSync(this.#dir, this.#before, { recursive: true });
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
    const faults = this.#faultsOf(state, before);
    const { run } = this.#course;
    if (run === "renew") {
      if (
        !existsSync(join(dir, "var", "identity", "next.pem")) &&
        !before.includes("said renewed")
      ) {
        await identity.renew(NEVER);
      }
      if (existsSync(join(dir, "var", "identity", "next.pem"))) promoteIn(dir);
    }
    const isForgotten = before.includes("said forgotten");
    if (run === "forget" || (run === "replace" && !isForgotten)) identity.forget();
    if (run === "forget")
      return identity.standing().state === "none" ? faults : [...faults, "it stays"];
    await identity.enrol(NEVER);
    const after = identity.standing();
    if (after.state !== "enrolled" || after.next !== null) faults.push(`repeated: ${after.state}`);
    const credential = readFileSync(join(dir, "var", "identity", "credential.pem"), "utf8");
    if (!credential.includes("PRIVATE KEY")) faults.push("the certificate has no key");
    return faults;
  }

  #faultsOf(state: string, before: readonly string[]): string[] {
    const { run } = this.#course;
    const isEnrolled = before.includes("said enrolled");
    const isForgotten = before.includes("said forgotten");
    const wrong =
      (run === "renew" && state !== "enrolled") ||
      (isEnrolled && state !== "enrolled") ||
      (isForgotten && !isEnrolled && run === "forget" && state !== "none");
    return wrong ? [`it is ${state}`] : [];
  }
}

function caOf({ server }: Enrolling): string {
  return `${server?.ca ?? ""}`;
}
