/** Matches short patterns by trying everything, for the specification. */

/** One place of a pattern. */
type Place =
  | { readonly kind: "byte"; readonly holds: (letter: string) => boolean }
  | { readonly kind: "star" | "double star" | "directories" }
  | { readonly kind: "either"; readonly of: readonly (readonly Place[])[] };

const letter = (expected: string): Place => ({
  kind: "byte",
  holds: (found) => found === expected,
});

/** Does the pattern match the path? Both have one character for each byte. */
export function matches(pattern: string, path: string): boolean {
  if (pattern.endsWith("/")) {
    if (path.startsWith(pattern)) return true;
  } else if (path === pattern) {
    return true;
  }
  const whole = pattern.endsWith("/") ? `${pattern}**` : pattern;
  return flat(places(whole)).some((sequence) => fits(sequence, path));
}

/** The sequences without alternatives that a sequence stands for. */
function flat(sequence: readonly Place[]): Place[][] {
  const first = sequence[0];
  if (first === undefined) return [[]];
  const rests = flat(sequence.slice(1));
  const starts = first.kind === "either" ? first.of.flatMap(flat) : [[first]];
  return starts.flatMap((start) => rests.map((rest) => [...start, ...rest]));
}

function fits(sequence: readonly Place[], path: string): boolean {
  const first = sequence[0];
  if (first === undefined) return path === "";
  const rest = sequence.slice(1);
  switch (first.kind) {
    case "byte":
      return path !== "" && first.holds(path[0]!) && fits(rest, path.slice(1));
    case "star":
      return fits(rest, path) || (path !== "" && path[0] !== "/" && fits(sequence, path.slice(1)));
    case "double star":
      return fits(rest, path) || (path !== "" && fits(sequence, path.slice(1)));
    case "directories": // any number of whole names, each with its slash
      for (let end = 0; end <= path.length; end++) {
        if ((end === 0 || path[end - 1] === "/") && fits(rest, path.slice(end))) return true;
      }
      return false;
    case "either":
      throw new Error("flat() leaves no alternatives");
  }
}

/** Reads a pattern from left to right; characters without a meaning stand for themselves. */
function places(text: string): Place[] {
  const found: Place[] = [];
  let rest = text;
  let before = "";
  while (rest !== "") {
    const taken = next(rest, before);
    found.push(...taken.places);
    before = rest[taken.length - 1]!;
    rest = rest.slice(taken.length);
  }
  return found;
}

function next(rest: string, before: string): { places: Place[]; length: number } {
  const stars = /^\*+/.exec(rest)?.[0].length ?? 0;
  if (stars > 1 && before === "/" && rest[stars] === "/") {
    // The slash after `/**` is part of it.
    return { places: [{ kind: "directories" }], length: stars + 1 };
  }
  if (stars > 1) return { places: [{ kind: "double star" }], length: stars };
  if (stars === 1) return { places: [{ kind: "star" }], length: 1 };
  if (rest[0] === "?") {
    return { places: [{ kind: "byte", holds: (found) => found !== "/" }], length: 1 };
  }
  if (rest[0] === "[") {
    const length = classLength(rest);
    if (length > 0) {
      return { places: [{ kind: "byte", holds: inClass(rest.slice(1, length - 1)) }], length };
    }
  }
  if (rest[0] === "{") {
    const parts = alternatives(rest);
    if (parts !== undefined) {
      const of = parts.map(places);
      return { places: [{ kind: "either", of }], length: parts.join(",").length + 2 };
    }
  }
  return { places: [letter(rest[0]!)], length: 1 };
}

/** The length of the `[…]` at the start; 0 if there is none. */
function classLength(text: string): number {
  return /^\[[!^]?[^/\u0080-\uffff][^\]/\u0080-\uffff]*\]/.exec(text)?.[0].length ?? 0;
}

function inClass(members: string): (letter: string) => boolean {
  const negated = /^[!^]/.test(members);
  const inside = negated ? members.slice(1) : members;
  return (found) => {
    if (found === "/") return false;
    for (let i = 0; i < inside.length; i++) {
      const range = inside[i + 1] === "-" && i + 2 < inside.length;
      const [low, high] = range ? [inside[i]!, inside[i + 2]!] : [inside[i]!, inside[i]!];
      if (low <= found && found <= high) return !negated;
      if (range) i += 2;
    }
    return negated;
  };
}

/** The parts of the braces at the start; undefined if they do not close or have no comma. */
function alternatives(text: string): string[] | undefined {
  const parts = [""];
  let depth = 0;
  for (let i = 1; i < text.length; i++) {
    const skipped = text[i] === "[" ? classLength(text.slice(i)) : 0;
    if (skipped > 0) {
      parts.push(parts.pop()! + text.slice(i, i + skipped));
      i += skipped - 1;
      continue;
    }
    if (text[i] === "}" && depth === 0) return parts.length > 1 ? parts : undefined;
    if (text[i] === "," && depth === 0) {
      parts.push("");
      continue;
    }
    if (text[i] === "{" && closes(text.slice(i))) depth++;
    if (text[i] === "}" && depth > 0) depth--;
    parts.push(parts.pop()! + text[i]!);
  }
  return undefined;
}

/** Do the braces at the start close? */
function closes(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const skipped = text[i] === "[" ? classLength(text.slice(i)) : 0;
    if (skipped > 0) i += skipped - 1;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return true;
  }
  return false;
}
