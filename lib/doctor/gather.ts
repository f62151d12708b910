/** Gathers facts: the only part of doctor that reads the system. */
import type { Environment } from "../environment.ts";
import { askHandler } from "../explain/ask_handler.ts";
import { faultsOf } from "../explain/faults.ts";
import { askKernel } from "../explain/kernel.ts";
import { BINFMT_MISC } from "../explain/kernel_commands.ts";
import { oldKernel } from "../explain/oldest_kernel.ts";
import { routeTable } from "../explain/route_table.ts";
import { HANDLER, RESOLVER, SYSTEM_TABLES } from "../paths.ts";
import { readText } from "../read_text.ts";
import { loadRoutes } from "../start/decide_start.ts";
import { muvmFacts } from "./muvm_facts.ts";
import { desktopFacts } from "./desktop_facts.ts";
import type { EntryView, Facts } from "./facts.ts";
import { isStripped } from "./is_stripped.ts";
import { probeFor } from "./probe_for.ts";
import { sampled } from "./samples.ts";
import { tableFiles } from "./table_files.ts";
import { targetOf } from "./targets.ts";
import { findWanted } from "./wanted.ts";

type Get = <Key extends keyof Facts>(key: Key) => Promise<Facts[Key]>;
type Gatherers<Keys extends keyof Facts> = {
  readonly [Key in Keys]: (environment: Environment, get: Get) => Promise<Facts[Key]>;
};

const WSL_CONF = "/etc/wsl.conf";
/** Files created by podman, docker, and systemd-nspawn and others with its interface. */
const CONTAINER = ["/run/.containerenv", "/.dockerenv", "/run/host/container-manager"];
/** The inode numbers of the initial namespaces: PROC_USER_INIT_INO in linux/proc_ns.h. */
const FIRST_NAMESPACES = { user: 0xefff_fffd, pid: 0xefff_fffc } as const;
/** Starts muvm's machine; given by the command. */
export type StartMachine = (environment: Environment) => Promise<Facts["machine"]>;

/** Gathers each part when it is first needed. */
export class Gatherer {
  readonly #environment: Environment;
  readonly #gatherers: Gatherers<keyof Facts>;
  readonly #known = new Map<keyof Facts, Promise<unknown>>();

  constructor(environment: Environment, startMachine: StartMachine) {
    this.#environment = environment;
    this.#gatherers = { ...GATHERERS, machine: startMachine };
  }

  get<Key extends keyof Facts>(key: Key): Promise<Facts[Key]> {
    const known = this.#known.get(key);
    if (known !== undefined) return known as Promise<Facts[Key]>;
    const gathered = this.#gatherers[key](this.#environment, (each) => this.get(each));
    this.#known.set(key, gathered);
    return gathered;
  }
}

function host(environment: Environment): Promise<Facts["host"]> {
  const release = environment.kernelRelease();
  const there = (path: string) => environment.stat(path) !== "absent";
  return Promise.resolve({
    release,
    machine: environment.machine(),
    page_size: environment.pageSize(),
    uid: environment.uid(),
    old: oldKernel(environment),
    wsl: /microsoft/i.test(release),
    protectBinfmt: !/^\s*protectBinfmt\s*=\s*false\s*$/im.test(
      readText(WSL_CONF, environment) ?? "",
    ),
    container: CONTAINER.some(there) ||
      Object.entries(FIRST_NAMESPACES).some(([kind, first]) => {
        const link = environment.readLink(`/proc/self/ns/${kind}`);
        return link !== undefined && link !== `${kind}:[${first}]`;
      }),
    proc: there("/proc/self"),
    directory: there(BINFMT_MISC),
  });
}

function handler(environment: Environment): Promise<Facts["handler"]> {
  const asked = askHandler([], environment);
  return Promise.resolve({
    file: environment.stat(HANDLER),
    told: asked.ok ? asked.value : undefined,
    unseen: asked.ok ? undefined : asked.failure.why,
    hint: asked.ok ? undefined : asked.failure.hint,
  });
}

async function config(environment: Environment, get: Get): Promise<Facts["config"]> {
  const { effective: loaded, compiled } = await get("routes");
  const refused = compiled.ok ? compiled.value.refused : [];
  const dangling = loaded.layers.filter(({ path, state }) =>
    state === "absent" && environment.readLink(path) !== undefined
  );
  return {
    config: loaded.config,
    layers: loaded.layers,
    faults: faultsOf(loaded, { refused }, environment),
    dangling: dangling.map(({ path }) => path),
  };
}

/** The entries of binfmt-dispatcher that are wanted or that the kernel has. */
async function entries(environment: Environment, get: Get): Promise<Facts["entries"]> {
  const { told, unseen } = await get("handler");
  const wanted = new Set((await get("wanted")).flatMap(({ entry }) => entry ?? []));
  const { config } = await get("config");
  const there = (told?.entries ?? []).map(({ name }) => name);
  const names = new Set([...wanted, ...there]);
  return [...names].flatMap((entry): EntryView[] => {
    const target = targetOf(entry, config);
    if (target === undefined) return [];
    const { name, isMachine, path, head } = target;
    const linkage = isMachine ? "static" as const : undefined;
    const program = { name, linkage, kind: { magic: head } };
    const read = (offset: number, limit: number) => head.subarray(offset, offset + limit);
    const kernel = askKernel(environment, config, { path, facts: { read } }, program, told);
    const view = { kernel, unseen, kind: { name }, host: { root: "" } };
    return [{ ...view, entry, target: name, wanted: wanted.has(entry) }];
  });
}

async function samples(environment: Environment, get: Get): Promise<Facts["samples"]> {
  const targets = new Set((await get("entries")).map(({ target }) => target));
  const { effective, compiled } = await get("routes");
  if (!compiled.ok) return [];
  return sampled([...targets], { effective, compiled: compiled.value, environment });
}

async function tables(environment: Environment, get: Get): Promise<Facts["tables"]> {
  const { told } = await get("handler");
  const { whole } = (await get("routes")).effective;
  const directoryOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
  const directories = [
    SYSTEM_TABLES,
    ...(told?.table === undefined ? [] : [directoryOf(told.table)]),
    ...(told?.directories ?? []).map(({ path }) => path),
  ];
  const files = tableFiles([...new Set(directories)], environment);
  return { table: told && routeTable(told, whole), files };
}

async function resolver(environment: Environment): Promise<Facts["resolver"]> {
  const file = environment.stat(RESOLVER);
  const tried = await environment.tryStart([RESOLVER, "--version"]);
  return { file, stripped: isStripped(RESOLVER, environment), tried };
}

async function starts(environment: Environment, get: Get): Promise<Facts["starts"]> {
  const { config } = await get("config");
  return await Promise.all((await get("entries")).map(async ({ entry }) => {
    const probe = probeFor(entry, config);
    return { entry, tried: probe && await environment.tryProbe(probe) };
  }));
}

const GATHERERS: Gatherers<Exclude<keyof Facts, "machine">> = {
  routes: (environment) => Promise.resolve(loadRoutes(environment, true)),
  host,
  handler,
  wanted: (environment) => Promise.resolve(findWanted(environment)),
  config,
  entries,
  samples,
  muvm: async (environment, get) =>
    muvmFacts(environment, (await get("config")).config, (await get("handler")).told),
  fex: async (environment, get) => {
    const { interpreters } = (await get("config")).config;
    const paths = interpreters.get("fex")?.path ?? [];
    return paths.filter((path) => environment.stat(path) !== "absent");
  },
  tables,
  desktop: (environment) => Promise.resolve(desktopFacts(environment)),
  resolver,
  starts,
};
