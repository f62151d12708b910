/** Everything that `explain` says, as data: the text and the JSON come from it alone. */
import type { Diagnostic, Effective, Layer, Rule } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { literalPart } from "../config/literal_part.ts";
import { type CLibrary, cLibraryOf } from "../elf/c_library.ts";
import type { ElfHeader } from "../elf/header.ts";
import type { Environment } from "../environment.ts";
import { findManager } from "../install/managers/find_manager.ts";
import type { RefusedRule } from "../routes/compile.ts";
import type { Considered, Decision, Program, Verdict } from "../start/decision.ts";
import { MARKER } from "../routes/format.ts";
import type { Gathered } from "../start/gather.ts";
import type { HandlerFacts } from "./handler_facts.ts";
import { hintFor, withDoctor } from "./hint.ts";
import type { Keep } from "./keep.ts";
import { askKernel, type Kernel } from "./kernel.ts";
import { type InterpreterList, interpreterLists } from "./lists.ts";
import { oldKernel } from "./oldest_kernel.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { remedies, type Remedy } from "./remedies.ts";
import { type RouteTable, routeTable } from "./route_table.ts";
import type { Script } from "../start/script.ts";

/** Where a value was set; both undefined if it is built in. */
interface Place {
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** Names as elf(5) has them. */
export interface ElfFacts
  extends
    Pick<ElfHeader, "EI_OSABI" | "e_type" | "e_machine" | "e_flags" | "linkage" | "appimage"> {
  readonly EI_CLASS: 1 | 2;
  readonly EI_DATA: 1 | 2;
  readonly PT_INTERP: Uint8Array | undefined;
}

export interface ReportedCandidate {
  readonly interpreter: string;
  readonly name: string;
  readonly path: string;
  readonly muvm: string | undefined;
  /** foreign: it would be chosen, but is not a program of this machine. */
  readonly verdict: "chosen" | "foreign" | Verdict["kind"];
  /** Why muvm cannot work here. */
  readonly why: string | undefined;
  /** Its conditions that do not hold. */
  readonly conditions: readonly string[];
  /** What it needs: any one path of each group. Not checked if its conditions do not hold. */
  readonly requirements: Considered["requirements"];
  /** Where the program's loader was not found. */
  readonly sysroots: readonly string[];
}

export interface Command {
  readonly argv: readonly Uint8Array[];
  /** `NAME=value`, set anew for the interpreter. */
  readonly environment: readonly Uint8Array[];
  /** `-e NAME` in argv stands for one such pair per variable of the caller's environment. */
  readonly forwards_environment: boolean;
}

export interface Override {
  readonly id: string;
  readonly state: "taken" | "passed over" | "unknown";
}

export type Privilege = "set-user-ID" | "set-group-ID" | "capabilities";

export interface Report {
  readonly program: Pick<Gathered, "given" | "path" | "canonical" | "executable"> & {
    /** Privileges of its file: a foreign program does not get them. */
    readonly privileges: readonly Privilege[];
    /** Its file system is mounted with noexec. */
    readonly noexec: boolean | undefined;
  };
  readonly kind: {
    readonly type: "elf" | "format" | "script" | "unknown";
    /** A machine's or a format's. */
    readonly name: string | undefined;
    readonly elf: ElfFacts | undefined;
    /** What is wrong with its ELF header. */
    readonly elf_error: string | undefined;
    readonly script: Script | undefined;
  };
  readonly host: {
    readonly root: string;
    readonly machine: string;
    readonly page_size: number;
    /** The caller cannot gain privileges by a start. */
    readonly no_new_privs: boolean | undefined;
    /** The guest's page size; interpreters that require it there run directly only on the same. */
    readonly muvm_page_size: number;
  };
  readonly kernel: Kernel;
  /** Why the kernel, the route table and the program's file system were not looked at. */
  readonly unseen: string | undefined;
  /** The caller's route table. */
  readonly table: RouteTable | undefined;
  readonly layers: readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  readonly refused_rules: readonly RefusedRule[];
  /** The interpreter that BINFMT_DISPATCHER_INTERPRETER names. */
  readonly override: Override | undefined;
  readonly rule:
    | (Pick<Rule, "id" | "path"> & Place & { readonly leads_to: string | undefined })
    | undefined;
  /** How many paths all rules have. */
  readonly rule_count: number;
  readonly lists: readonly (InterpreterList & Place)[];
  readonly candidates: readonly ReportedCandidate[];
  readonly command: Command | undefined;
  readonly outcome: Outcome;
  readonly install: readonly Remedy[];
  /** If --with picked an interpreter: how to make that permanent. */
  readonly keep?: Keep;
}

export interface Explained {
  readonly gathered: Gathered;
  readonly effective: Effective;
  readonly refused: readonly RefusedRule[];
  readonly decision: Decision;
  /** Undefined if the handler could not be asked; then `unseen` says why. */
  readonly told: HandlerFacts | undefined;
  readonly unseen: string | undefined;
}

/**
 * Puts the facts together. Asks the environment only for what decides nothing, such as package
 * managers.
 */
export function makeReport(
  { gathered, effective, refused, decision, told, unseen }: Explained,
  environment: Environment,
): Report {
  const { config } = effective;
  const kernel = askKernel(environment, config, gathered, decision.program, told);
  const diagnostics = [...effective.diagnostics(), ...oldKernel(environment)];
  const hint = hintFor(decision, effective, diagnostics, environment.root);
  const ends = outcomeOf({ gathered, decision, kernel, told }, hint);
  const outcome = withDoctor(ends, kernel, environment.root);
  // What the kernel runs itself never reaches the handler.
  const ours = !["kernel", "script"].includes(outcome.result) && !kernel.native;
  const program = ours ? decision.program : undefined;
  const rule = ours ? config.rules[(decision.rule?.index ?? 0) - 1] : undefined;
  const override = ours ? overrideOf(decision) : undefined;
  const picked = override !== undefined && override.state !== "passed over";
  const lists = ours ? interpreterLists(config, rule, decision, picked) : [];
  const { given, path, canonical, executable } = gathered;
  const origin = (key: string) => effective.origin(key);
  return {
    program: {
      ...{ given, path, canonical, executable },
      privileges: privilegesOf(path, environment, told),
      noexec: told?.path.noexec,
    },
    kind: kindOf(gathered, decision),
    host: {
      root: environment.root,
      machine: environment.machine(),
      page_size: gathered.facts.page_size,
      no_new_privs: told?.no_new_privs,
      muvm_page_size: config.muvm.page_size,
    },
    kernel,
    unseen,
    table: told && routeTable(told, effective.whole),
    layers: effective.layers,
    diagnostics,
    refused_rules: refused,
    override,
    rule: rule === undefined ? undefined : {
      id: rule.id,
      path: rule.path,
      leads_to: leadsTo(rule, decision),
      ...placeOf(origin(keyName(["binaries", rule.id, "path"]))),
    },
    rule_count: config.rules.length,
    lists: lists.map((list) => ({ ...list, ...placeOf(origin(list.key)) })),
    candidates: ours ? decision.candidates.map((each) => candidateOf(each, decision)) : [],
    command: ours ? commandOf(decision) : undefined,
    outcome,
    install: ours && decision.failure?.code === "no-interpreter" && program !== undefined
      ? remedies(
        config,
        program.name,
        decision.candidates,
        findManager(environment)?.manager,
        libraryOf(program),
      )
      : [],
  };
}

/** The rule's path as it matched, if that differs from what is written. */
function leadsTo({ path, leads_to }: Rule, { rule }: Decision): string | undefined {
  if (!rule?.by_links) return undefined;
  const real = rule.home_part ?? leads_to ?? "";
  return (real === "/" ? "" : real) + path.slice(literalPart(path).length);
}

function placeOf(origin: Place | undefined): Place {
  return { file: origin?.file, line: origin?.line };
}

function kindOf({ elf, script }: Gathered, { program }: Decision): Report["kind"] {
  const damaged = "error" in elf;
  const isElf = !damaged || elf.error !== "not-elf";
  const type = program !== undefined && program.linkage === undefined
    ? "format"
    : isElf
    ? "elf"
    : script === undefined
    ? "unknown"
    : "script";
  return {
    type,
    name: program?.name ?? (damaged ? undefined : elf.machine?.name),
    elf: damaged ? undefined : {
      EI_CLASS: elf.class,
      EI_DATA: elf.data,
      EI_OSABI: elf.EI_OSABI,
      e_type: elf.e_type,
      e_machine: elf.e_machine,
      e_flags: elf.e_flags,
      PT_INTERP: elf.interp,
      linkage: elf.linkage,
      appimage: elf.appimage,
    },
    elf_error: damaged && isElf ? elf.why : undefined,
    script: type === "script" ? script : undefined,
  };
}

function privilegesOf(
  path: string,
  environment: Environment,
  told: HandlerFacts | undefined,
): Privilege[] {
  const facts = environment.stat(path);
  const mode = typeof facts === "object" ? facts.mode : 0;
  return [
    ...(mode & 0o4000 ? ["set-user-ID" as const] : []),
    // Without the group's x bit it is not set-group-ID.
    ...((mode & 0o2010) === 0o2010 ? ["set-group-ID" as const] : []),
    ...(told?.path.capabilities ? ["capabilities" as const] : []),
  ];
}

function overrideOf({ program, override }: Decision): Override | undefined {
  if (program === undefined || override === undefined) return undefined;
  const { id, taken } = override;
  return { id, state: taken === undefined ? "unknown" : taken ? "taken" : "passed over" };
}

function candidateOf(considered: Considered, { chosen }: Decision): ReportedCandidate {
  const { candidate: { id, name, path, muvm }, verdict, requirements } = considered;
  const foreign = verdict.kind === "usable" && verdict.foreign;
  return {
    interpreter: id,
    name,
    path,
    muvm,
    verdict: foreign ? "foreign" : considered === chosen ? "chosen" : verdict.kind,
    why: verdict.kind === "muvm" ? verdict.why : undefined,
    conditions: verdict.kind === "conditions" ? verdict.conditions : [],
    requirements: requirements.map(({ paths, found }) => ({ paths, found })),
    sysroots: verdict.kind === "no loader" ? verdict.sysroots : [],
  };
}

/** The command line; one pair of words stands for all variables, which Deno may not read. */
function commandOf({ chosen, command, shown }: Decision): Command | undefined {
  if (chosen === undefined || command === undefined) return undefined;
  const forwards_environment = chosen.candidate.argv.some((item) =>
    item.length === 1 && item[0] === MARKER.VARIABLE
  );
  return { argv: shown, environment: command.added, forwards_environment };
}

function libraryOf({ name, loader }: Program): CLibrary {
  return cLibraryOf(name, loader && new TextDecoder().decode(loader));
}
