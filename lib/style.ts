import type { Environment } from "./environment.ts";

/** Styles text for a terminal, or leaves it as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** SGR parameters that switch each style on and off. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

/** No styles. */
export const PLAIN: Style = style({ isTerminal: () => false, variable: () => undefined }, 1);

/** Styles only for a terminal that is not dumb, and without NO_COLOR. https://no-color.org */
export function style(
  environment: Pick<Environment, "isTerminal" | "variable">,
  descriptor: 1 | 2,
): Style {
  const plain = !environment.isTerminal(descriptor) || environment.variable("TERM") === "dumb" ||
    (environment.variable("NO_COLOR") ?? "") !== "";
  const paint = ([on, off]: readonly [number, number]) => (text: string) =>
    plain ? text : `\x1b[${on}m${text}\x1b[${off}m`;
  return {
    bold: paint(CODES.bold),
    dim: paint(CODES.dim),
    red: paint(CODES.red),
    green: paint(CODES.green),
    yellow: paint(CODES.yellow),
  };
}
