import type { FunctionDeclaration, Node } from "@babel/types";

/** Calls `visit` for a node and all nodes in it. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc") continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && typeof each === "object" && typeof each.type === "string") {
        walk(each as Node, visit);
      }
    }
  }
}

/** The names that a node assigns to. */
export function assignedNames(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(node, (each) => {
    const target = each.type === "AssignmentExpression"
      ? each.left
      : each.type === "UpdateExpression"
      ? each.argument
      : undefined;
    if (target?.type === "Identifier") names.add(target.name);
  });
  return names;
}

/** The names of a function's parameters and variables. */
export function localNames({ params, body }: FunctionDeclaration): ReadonlySet<string> {
  const names = new Set<string>();
  for (const each of params) if (each.type === "Identifier") names.add(each.name);
  walk(body, (each) => {
    if (each.type === "VariableDeclarator" && each.id.type === "Identifier") {
      names.add(each.id.name);
    }
  });
  return names;
}
