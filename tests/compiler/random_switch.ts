/** Random switches of random programs. */
import { EDGES, literal, number } from "./random_number.ts";
import { bare, list, type Piece, piece, statement } from "./piece.ts";
import { leave, returned, statements } from "./random_statement.ts";
import { limit, type Scope, use } from "./scope.ts";

export function chosen(s: Scope, depth: number): Piece {
  const { random } = s;
  const isSmall = random.chance(60);
  const edge = random.pick(EDGES.filter((each) => Math.abs(each) <= limit(s.traits)));
  const name = s.find("number", ({ isConstant }) => !isConstant);
  const subject = isSmall
    ? piece("number")`(${number(s, 2)} & 3)`
    : name && random.chance(50)
    ? use(name)
    : piece("number")`same(${literal(random, edge)})`;
  const values = isSmall ? [0, 1, 2, 3, -1] : [edge, edge + 1, edge - 1, 0 - edge, 7];
  const known = s.find(
    "number",
    ({ isConstant, text }) => isConstant === true && /^[NL]/.test(text),
  );
  const labels = [...new Set(values.filter(Number.isSafeInteger))]
    .filter((value) => Math.abs(value) !== known?.bound && random.chance(70))
    .map((value) => literal(random, value));
  if (known && random.chance(50)) labels.push(use(known));
  const hasDefault = random.chance(60) || labels.length === 0;
  const clauses = labels.map((label, i) => {
    const isLast = i + 1 === labels.length;
    // Several labels may stand before the same statements.
    const isShared = random.chance(20) && !isLast;
    const head = statement`case ${bare(label)}:`;
    return isShared ? head : statement`${head}${clause(s, depth, isLast && !hasDefault)}`;
  });
  if (hasDefault) clauses.push(statement`default:${clause(s, depth, true)}`);
  return statement`switch (${bare(subject)}) {\n${list(clauses)}\n}`;
}

function clause(s: Scope, depth: number, isLast: boolean): Piece {
  return s.inLoop(false, () => {
    const inner = statements(s, s.random.below(3), depth - 1);
    const end = s.random.weighted<() => Piece | undefined>([
      [6, () => statement`break;`],
      [2, () => s.result === undefined ? undefined : returned(s)],
      [1, () => leave(s)],
      [1, () => statement`stop(${number(s, 0)});`],
    ])() ?? statement`break;`;
    const isEndless = isLast && s.random.chance(50);
    const all = isEndless ? list(inner) : statement`${list(inner)}\n${end}`;
    return s.random.chance(40) ? statement` {\n${all}\n}` : statement`\n${all}`;
  });
}
