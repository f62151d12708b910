import type { Node } from "@babel/types";

/** Places that are not part of the subset, one in each line. */
export class Refusal extends Error {}

/** Refuses a node and says why, or what to write instead. */
export function refuse(node: Node, why: string): never {
  throw new Refusal(`${placeOf(node)}: ${why}`);
}

/** `file:line:column` */
export function placeOf(node: Node): string {
  const { filename, start } = node.loc!;
  return `${filename}:${start.line}:${start.column + 1}`;
}
