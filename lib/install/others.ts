import type { Environment } from "../environment.ts";

/** As many processes as Linux has at most. */
const PROCESSES = 4_194_304;

/** Other processes of this program, by the same user, that were started since. */
export class Others {
  readonly #environment: Environment;
  readonly #before: ReadonlySet<string>;
  /** Has one been there? */
  seen = false;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#before = new Set(this.#ours());
  }

  /** Is one there? */
  look(): boolean {
    const found = this.#ours().some((pid) => !this.#before.has(pid));
    this.seen ||= found;
    return found;
  }

  /** What other users run cannot be looked at. */
  #ours(): string[] {
    const own = this.#environment.readLink("/proc/self/exe");
    const names = this.#environment.list("/proc", PROCESSES);
    if (own === undefined || typeof names === "string") return [];
    return names.filter((name) =>
      /^[0-9]+$/.test(name) && this.#environment.readLink(`/proc/${name}/exe`) === own
    );
  }
}
