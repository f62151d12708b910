/** `config show`, `config check` and `config schema`. */
import { resolve } from "@std/path";
import type { Diagnostic } from "../config/config.ts";
import { diagnosticLine } from "../config/diagnostic_line.ts";
import { loadConfig, type Loaded } from "../config/load.ts";
import { showJson, showToml } from "../config/show.ts";
import type { Environment } from "../environment.ts";
import { faultsOf } from "../explain/faults.ts";
import { oldKernel } from "../explain/oldest_kernel.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { printable } from "../printable.ts";
import { compileRoutes } from "../routes/compile.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Config } from "./command.ts";

function load(environment: Environment, files: readonly string[] = []): Loaded {
  return loadConfig(environment, { user: true, files });
}

/** The output of checking: one line for each diagnostic; status 1 if one is an error. */
function checked(diagnostics: readonly Diagnostic[], layers: number): Answer {
  if (diagnostics.length === 0) {
    return { stdout: `No errors or warnings in ${layers} layer${layers === 1 ? "" : "s"}\n` };
  }
  const stdout = diagnostics.map((each) => `${printable(diagnosticLine(each))}\n`).join("");
  return { stdout, status: diagnostics.some(({ severity }) => severity === "error") ? 1 : 0 };
}

function absentFile(file: string): Failure {
  return {
    code: "unreadable",
    what: `check “${file}”`,
    why: "no such file",
    hint: "Without FILE, all layers are checked; “binfmt-dispatcher config show” lists them.",
  };
}

function relativeFile(file: string): Failure {
  return {
    code: "unreadable",
    what: `check “${file}”`,
    why: "the name of the working directory is not UTF-8",
    hint: "Name the file by its absolute path, or check it from another directory.",
  };
}

/** Diagnostics of all layers, or of the given files, which are read as the highest layers. */
function check(environment: Environment, given: readonly string[]): Result<Answer> {
  const cwd = environment.workingDirectory();
  const relative = given.find((file) => !file.startsWith("/"));
  if (cwd === undefined && relative !== undefined) return failed(relativeFile(relative));
  const files = [...new Set(given.map((file) => resolve(cwd ?? "/", file)))];
  const loaded = load(environment, files);
  const { layers } = loaded;
  const missing = layers.slice(layers.length - files.length).find(({ state }) =>
    state === "absent"
  );
  if (files.length > 0 && missing !== undefined) return failed(absentFile(missing.path));
  const compiled = compileRoutes(loaded);
  if (!compiled.ok) return compiled;
  const all = [
    ...faultsOf(loaded, compiled.value, environment),
    ...oldKernel(environment),
  ];
  if (files.length > 0) {
    return success(checked(all.filter(({ file }) => files.includes(file)), files.length));
  }
  return success(checked(all, layers.filter(({ state }) => state === "read").length));
}

/** The JSON Schema of a layer, for editors. */
async function schema(): Promise<string> {
  const { default: text } = await import("../../config/schema.json", { with: { type: "json" } });
  return JSON.stringify(text, null, 2) + "\n";
}

export async function config(command: Config, environment: Environment): Outcome {
  switch (command.action) {
    case "show": {
      const loaded = load(environment);
      return success({ stdout: command.json ? showJson(loaded) : showToml(loaded) });
    }
    case "check":
      return check(environment, command.files);
    case "schema":
      return success({ stdout: await schema() });
  }
}
