import type { Node } from "@babel/types";
import type { Declared, Module } from "./modules.ts";
import type { Unit } from "./unit.ts";
import { localNames, walk } from "./walk.ts";

type Function = Declared & { readonly what: "function" };

/** The functions that a function calls, also in inlined functions, each with one call. */
export function callees(unit: Unit, of: Function): (readonly [Function, Node])[] {
  const found = new Map<Function["node"], readonly [Function, Node]>();
  const expanded = new Set<Node>();
  const visit = ({ node, module }: Function) => {
    const locals = localNames(node);
    walk(node.body, (each) => {
      const called = each.type === "CallExpression"
        ? resolve(unit, module, each.callee)
        : each.type === "MemberExpression"
        ? unit.readerOf(module, each, (name) => locals.has(name))
        : undefined;
      if (called === undefined || unit.isHook(called) || unit.isStructure(called)) return;
      if (!called.node.params.some(({ type }) => type === "RestElement")) {
        found.set(called.node, [called, each]);
      } else if (!expanded.has(called.node)) {
        expanded.add(called.node);
        visit(called);
      }
    });
  };
  visit(of);
  return [...found.values()];
}

function resolve(unit: Unit, module: Module, callee: Node): Function | undefined {
  const declared = callee.type === "Identifier"
    ? unit.modules.find(module, callee.name)
    : callee.type === "MemberExpression" && callee.object.type === "Identifier" &&
        callee.property.type === "Identifier"
    ? inModule(unit, module, callee.object.name, callee.property.name)
    : undefined;
  return declared?.what === "function" && !unit.isIntrinsic(declared) ? declared : undefined;
}

function inModule(unit: Unit, module: Module, of: string, name: string): Declared | undefined {
  const found = unit.modules.find(module, of);
  return found?.what === "module" ? unit.modules.find(found.module, name) : undefined;
}
