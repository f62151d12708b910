import type { Environment } from "../environment.ts";

/** The limit of Linux for process IDs. */
const PROCESSES = 4_194_304;

/** Other processes of this program and user, started after this object was made. */
export class LaterProcesses {
  readonly #environment: Environment;
  readonly #before: ReadonlySet<string>;
  /** Was there ever one? */
  seen = false;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#before = new Set(this.#all());
  }

  /** Is one there? */
  look(): boolean {
    const found = this.#all().some((pid) => !this.#before.has(pid));
    this.seen ||= found;
    return found;
  }

  /** Processes of other users are not visible. */
  #all(): string[] {
    const own = this.#environment.readLink("/proc/self/exe");
    const names = this.#environment.list("/proc", PROCESSES);
    if (own === undefined || typeof names === "string") return [];
    return names.filter((name) =>
      /^[0-9]+$/.test(name) && this.#environment.readLink(`/proc/${name}/exe`) === own
    );
  }
}
