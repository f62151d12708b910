/** Checks of one source file's shape. Each returns a line for every offence. */

export const MAX_COLUMNS = 100;
export const MAX_FUNCTION_LINES = 70;
export const MAX_FILE_LINES = 300;

/** The only file in which each of these may be used. */
const EDGES: readonly {
  readonly selector: string;
  readonly what: string;
  readonly place: string;
}[] = [
  { selector: member("Deno", "exit"), what: "Deno.exit", place: "main.ts" },
  { selector: member("Deno", "Command"), what: "Deno.Command", place: "lib/start_process.ts" },
  { selector: 'Identifier[name="console"]', what: "console", place: "lib/output.ts" },
];

function member(object: string, property: string): string {
  return `MemberExpression[object.name="${object}"][property.name="${property}"]`;
}

type Report = (node: { range: Deno.lint.Range }, message: string) => void;

/** Walks a file's syntax tree; returns the visitor's reports as “path:line: message”. */
function lint(path: string, text: string, visitor: (report: Report) => Deno.lint.LintVisitor) {
  const found: string[] = [];
  const report: Report = (node, message) => {
    const line = text.slice(0, node.range[0]).split("\n").length;
    found.push(`${path}:${line}: ${message}`);
  };
  Deno.lint.runPlugin(
    { name: "tidy", rules: { all: { create: () => visitor(report) } } },
    path,
    text,
  );
  return found;
}

export function longFunctions(path: string, text: string): string[] {
  return lint(path, text, (report) => {
    const check = (node: { range: Deno.lint.Range }) => {
      const lines = text.slice(...node.range).split("\n").length;
      if (lines > MAX_FUNCTION_LINES) report(node, `a function of ${lines} lines`);
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  });
}

export function strayEdges(path: string, text: string): string[] {
  return lint(path, text, (report) => {
    const elsewhere = EDGES.filter(({ place }) => place !== path);
    return Object.fromEntries(elsewhere.map(({ selector, what, place }) => [
      selector,
      (node: { range: Deno.lint.Range }) => report(node, `${what} outside of ${place}`),
    ]));
  });
}

function offendingLines(path: string, text: string, message: (line: string) => string | undefined) {
  return text.split("\n").flatMap((line, index) => {
    const said = message(line);
    return said === undefined ? [] : [`${path}:${index + 1}: ${said}`];
  });
}

export function longLines(path: string, text: string): string[] {
  return offendingLines(path, text, (line) => {
    const columns = [...line].length;
    return columns > MAX_COLUMNS ? `${columns} columns` : undefined;
  });
}

/** A TO-DO must refer to an issue or URL. The brackets keep this line from being found. */
export function strayTodos(path: string, text: string): string[] {
  return offendingLines(path, text, (line) => {
    const found = line.match(/\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b(?!\(#\d+\)|.*https?:\/\/)/)?.[1];
    return found === undefined ? undefined : `${found} without a reference`;
  });
}

/** Finds words that show on which machine a file was written. */
export function foreignPlaces(path: string, text: string, places: readonly string[]): string[] {
  return offendingLines(path, text, (line) => {
    const found = places.find((place) => line.includes(place));
    return found === undefined ? undefined : `names “${found}”`;
  });
}

/** Is a TypeScript file's name, without its directory, in snake_case? */
export function isSnakeCase(path: string): boolean {
  return /^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.d)?\.ts$/.test(path.split("/").at(-1) ?? "");
}

/** The test file of a file below lib/: tests/ mirrors lib/; std/NAME/mod.ts has NAME_test.ts. */
export function partner(path: string): string {
  return path.replace(/^lib\//, "tests/")
    .replace(/^(tests\/std\/\w+)\/mod\.ts$/, "$1.ts").replace(/\.ts$/, "_test.ts");
}
