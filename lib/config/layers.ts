/** Finds the layers, checks whether they count, and reads them. */
import { dirname, isAbsolute, join } from "@std/path";
import type { Absence, Environment, FileFacts } from "../environment.ts";
import { ADMIN_LAYER, ADMIN_LAYERS, ROOTS_HOME, USER_LAYER, VENDOR_LAYERS } from "../paths.ts";
import { BUILT_IN, builtIn, SHIPPED_NAME } from "./built_in.ts";
import type { Layer, LayerKind } from "./config.ts";
import { MAX_LAYER_SIZE, MAX_LAYERS, MAX_NAMES } from "./limits.ts";
import { notGuarded, notOwn, notTrusted, notTrustedFile } from "./trust.ts";

/** A layer that was found or sought, with its bytes if its state is "read". */
export interface FoundLayer extends Layer {
  readonly bytes?: Uint8Array;
}

export interface FoundLayers {
  /** Later layers win. */
  readonly layers: readonly FoundLayer[];
  readonly sources: readonly string[];
  readonly present: ReadonlySet<string>;
  /** Everything that exists could be accessed. */
  readonly whole: boolean;
}

interface Place {
  /** A directory that the user must own. */
  readonly base: string;
  /** The path below it. */
  readonly rest: string;
}

/** The place of the user's layer, or undefined if neither variable gives one. */
export function userLayer(environment: Environment): string | undefined {
  const place = userPlace(environment);
  return place && `${place.base}/${place.rest}`;
}

function userPlace(environment: Environment): Place | undefined {
  const inHome = `.config/${USER_LAYER}`;
  if (environment.uid() === 0) return { base: ROOTS_HOME, rest: inHome };
  const set = environment.variable("XDG_CONFIG_HOME");
  // "If an implementation encounters a relative path … it should consider the path invalid and
  // ignore it."
  // https://specifications.freedesktop.org/basedir-spec/latest/
  if (set !== undefined && isAbsolute(set)) return { base: set, rest: USER_LAYER };
  const home = environment.variable("HOME");
  return home !== undefined && isAbsolute(home) ? { base: home, rest: inHome } : undefined;
}

/** Reads one layer. `refuses` returns why the file that was opened does not count. */
export function readLayer(
  environment: Environment,
  path: string,
  kind: LayerKind,
  refuses: (facts: FileFacts) => string | undefined = () => undefined,
): FoundLayer {
  const state = (state: Layer["state"], why?: string): FoundLayer => ({ path, kind, state, why });
  const real = environment.realPath(path);
  // An image's root has the link, but often no /dev/null as its target.
  if (real !== path && [real, environment.readLink(path)].includes("/dev/null")) {
    return state("empty");
  }
  const facts = environment.stat(path);
  if (facts === "absent") return state("absent");
  if (facts === "unreadable") return state("unreadable", "its directory cannot be accessed");
  if (facts.kind !== "file") return state("faulty", "it is not a regular file");
  const opened = environment.readOpened(path, MAX_LAYER_SIZE + 1);
  if (opened === "absent") return state("absent");
  if (opened === "unreadable") return state("unreadable", "it cannot be read");
  const why = refuses(opened.facts);
  if (why !== undefined) return state("refused", why);
  const { bytes } = opened;
  return bytes.length === 0 ? state("empty") : { ...state("read"), bytes };
}

interface Directory {
  readonly there: boolean;
  readonly names: readonly string[];
  readonly layers: readonly FoundLayer[];
}

function listDirectory(environment: Environment, path: string, kind: LayerKind): Directory {
  const said = (state: Layer["state"], why: string): FoundLayer => ({ path, kind, state, why });
  const listed: string[] | Absence = environment.list(path, MAX_NAMES);
  if (listed === "absent") return { there: false, names: [], layers: [] };
  if (listed === "unreadable") {
    return { there: true, names: [], layers: [said("unreadable", "it cannot be listed")] };
  }
  const names = listed.filter((name) => name.endsWith(".toml") && !name.startsWith("."));
  const layers = [];
  if (listed.length === MAX_NAMES) {
    layers.push(said("faulty", `it contains ${MAX_NAMES} files or more; the rest is ignored`));
  }
  if (names.length > MAX_LAYERS) {
    layers.push(said("faulty", `it contains more than ${MAX_LAYERS} layers; the rest is ignored`));
  }
  return { there: true, names: names.slice(0, MAX_LAYERS), layers };
}

/**
 * Reads the user's layer, if only the user or root can have written it. The canonical path is
 * checked first, so that nobody else can redirect it, and the file again once it is open.
 */
function readUserLayer(environment: Environment, { base, rest }: Place): FoundLayer {
  const path = `${base}/${rest}`;
  const said = (state: Layer["state"], why?: string): FoundLayer => (
    { path, kind: "user", state, why }
  );
  const home = environment.realPath(base);
  const own = home ?? base;
  const real = environment.realPath(`${own}/${rest}`);
  const why = notOwn(environment, own) ?? (home && notGuarded(environment, home)) ??
    notTrusted(environment, dirname(`${own}/${rest}`)) ??
    (real && (notGuarded(environment, real) ?? notTrusted(environment, real)));
  if (why) return said("refused", why);
  if (real !== undefined) {
    const refuses = (facts: FileFacts) => notTrustedFile(real, facts, environment.uid());
    return { ...readLayer(environment, real, "user", refuses), path };
  }
  return environment.stat(path) === "unreadable"
    ? said("unreadable", "its directory cannot be accessed")
    : said("absent");
}

function standsIn(name: string): string {
  return `${join(ADMIN_LAYERS, name)} replaces it`;
}

/** The shipped layer, if no vendor directory exists: the program works without installation. */
function builtInLayer(environment: Environment, vendor: Directory, admin: Directory): FoundLayer[] {
  const bytes = vendor.there ? undefined : builtIn(environment.machine());
  if (bytes === undefined) return [];
  const layer = { path: BUILT_IN, kind: "vendor" } as const;
  return admin.names.includes(SHIPPED_NAME)
    ? [{ ...layer, state: "masked", why: standsIn(SHIPPED_NAME) }]
    : [{ ...layer, state: "read", why: undefined, bytes }];
}

/**
 * All layers in order. The user's is included only if `user` is set, and never below another root,
 * since it belongs to this system.
 */
export function findLayers(environment: Environment, user: boolean): FoundLayers {
  const vendor = listDirectory(environment, VENDOR_LAYERS, "vendor");
  const admin = listDirectory(environment, ADMIN_LAYERS, "admin");
  const masked = new Set(admin.names);
  const layers: FoundLayer[] = [...vendor.layers, ...builtInLayer(environment, vendor, admin)];
  for (const name of vendor.names) {
    const path = join(VENDOR_LAYERS, name);
    layers.push(
      masked.has(name)
        ? { path, kind: "vendor", state: "masked", why: standsIn(name) }
        : readLayer(environment, path, "vendor"),
    );
  }
  layers.push(...admin.layers);
  for (const name of admin.names) {
    layers.push(readLayer(environment, join(ADMIN_LAYERS, name), "admin"));
  }
  layers.push(readLayer(environment, ADMIN_LAYER, "admin"));
  const directories = new Map([[VENDOR_LAYERS, vendor.there], [ADMIN_LAYERS, admin.there]]);
  const own = user && environment.root === "" ? userPlace(environment) : undefined;
  if (own !== undefined) {
    const directory = dirname(`${own.base}/${own.rest}`);
    directories.set(directory, environment.stat(directory) !== "absent");
    layers.push(readUserLayer(environment, own));
  }
  const looked = layers.filter(({ path, state }) => state !== "masked" && path !== BUILT_IN);
  const files = looked.map(({ path, state }) => [path, state !== "absent"] as const);
  const sources = new Map([...files, ...directories]);
  return {
    layers,
    sources: [...sources.keys()],
    present: new Set([...sources].filter(([, there]) => there).map(([path]) => path)),
    whole: layers.every((layer) => layer.state !== "unreadable"),
  };
}
