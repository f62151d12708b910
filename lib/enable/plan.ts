/** The steps for the registrar. */
import { MADE_BY } from "../binfmt/line.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { LINKS } from "../paths.ts";
import { type FormatState, type Link, linkPath } from "./format_state.ts";

export type Action = "enable" | "disable";

export interface Step {
  readonly action: Action;
  readonly name: string;
  /** A file of lines; "-" for `text`. */
  readonly file: string;
  /** Its standard input. */
  readonly text: string | undefined;
  /** Undefined if the configuration no longer has it. */
  readonly state: FormatState | undefined;
}

/** A machine or format on the command line: its state, or why it has none. */
export interface Named {
  readonly name: string;
  readonly state: Result<FormatState>;
  /** The link in binfmt.d by this name. */
  readonly link: Link;
}

export interface Asker {
  readonly uid: number;
  /** The request is for the running system. */
  readonly here: boolean;
}

/** All steps, or the first failure. */
export function plan(
  action: Action,
  names: readonly Named[],
  { uid, here }: Asker,
): Result<readonly Step[]> {
  const steps: Step[] = [];
  for (const { name, state, link } of names) {
    if (state.ok) steps.push(stepFor(action, state.value));
    else if (action === "disable" && link === "ours") {
      const file = linkPath(`binfmt-dispatcher-${name}`);
      steps.push({ action, name, file, text: undefined, state: undefined });
    } else return state;
  }
  return here && uid !== 0 ? failed(notRoot(action, names)) : success(steps);
}

function stepFor(action: Action, state: FormatState): Step {
  const { name, lines, shipped } = state;
  if (shipped !== undefined) return { action, name, file: shipped, text: undefined, state };
  const text = [`${MADE_BY} enable ${name}`, ...lines, ""].join("\n");
  return { action, name, file: "-", text, state };
}

function notRoot(action: Action, names: readonly Named[]): Failure {
  const all = names.map(({ name }) => name).join(" ");
  return {
    code: "refused",
    what: `${action} “${all}”`,
    why: `only root may write to binfmt_misc and ${LINKS}`,
    hint: `As root: binfmt-dispatcher ${action} ${all}`,
  };
}
