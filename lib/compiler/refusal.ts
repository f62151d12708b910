import type { Node } from "@babel/types";

/** What is TypeScript, but not part of the subset: one line for each place. */
export class Refusal extends Error {}

/** Refuses a place: what is wrong there, and what to write instead. */
export function refuse(node: Node, why: string): never {
  throw new Refusal(`${placeOf(node)}: ${why}`);
}

/** `file:line:column` */
export function placeOf(node: Node): string {
  const { filename, start } = node.loc!;
  return `${filename}:${start.line}:${start.column + 1}`;
}
