import { Code, Label } from "./code.ts";

/** The entry or a procedure, with its code. */
export class Routine {
  readonly label = new Label();
  readonly code = new Code();

  /** `link`: a procedure's slot for its return address, on a machine with a link register. */
  constructor(
    readonly kind: "entry" | "procedure",
    readonly name: string,
    readonly link?: number,
  ) {
    this.code.mark(this.label);
  }
}
