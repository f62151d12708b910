import { Code, Label } from "./code.ts";

/** The code of the entry or of a procedure, while and after it is written. */
export class Routine {
  readonly label = new Label();
  readonly code = new Code();
  /** The loops around the statement that is written next, the innermost last. */
  readonly loops: { readonly top: Label; readonly end: Label }[] = [];

  /** `link`: a procedure's slot for its return address, on a machine with a link register. */
  constructor(
    readonly kind: "entry" | "procedure",
    readonly name: string,
    readonly link?: number,
  ) {
    this.code.mark(this.label);
  }
}
