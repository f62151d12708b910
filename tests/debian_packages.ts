/**
 * Debian packages for tests, of any architecture, unpacked into .cache/ and never installed. apt
 * has its own lists and directories there and leaves the machine's alone.
 */
import { exists } from "../tasks/exists.ts";
import { outputOf } from "./output_of.ts";

const CACHE = new URL("../.cache/debian/", import.meta.url).pathname;

/** Debian's keys, also those of newer releases. */
const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The line of sources.list for another release, from the machine's own archive. */
async function sourcesOf({ architecture, suite }: Target): Promise<string> {
  const release = await Deno.readTextFile("/etc/os-release");
  const own = release.match(/^VERSION_CODENAME=(\w+)$/m)?.[1];
  const format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
  const targets = await outputOf(["apt-get", "indextargets", "--format", format]);
  const prefix = `${own} main `;
  const archive = targets.split("\n").find((line) => line.startsWith(prefix));
  if (archive === undefined) throw new Error(`Cannot find an archive of “${own}” in apt's sources`);
  const signed = exists(KEYS) ? `[signed-by=${KEYS}] ` : "";
  const type = architecture === SOURCE ? "deb-src" : "deb";
  return `${type} ${signed}${archive.slice(prefix.length)} ${suite} main\n`;
}

/** Stands for an architecture: source packages. */
const SOURCE = "source";

interface Target {
  readonly architecture: string;
  /** A release's code name; undefined: the machine's own. */
  readonly suite: string | undefined;
}

/** Runs apt-get with the machine's archive, but with a separate state for each target. */
async function aptGet(target: Target, args: string[], cwd: string): Promise<void> {
  const { architecture, suite } = target;
  const state = `${CACHE}apt-${suite === undefined ? "" : `${suite}-`}${architecture}/`;
  for (const directory of ["state/lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(state + directory, { recursive: true });
  }
  // Writing it again would make apt's cache of the lists stale.
  if (!exists(`${state}status`)) await Deno.writeTextFile(`${state}status`, "");
  const sources = `${state}sources.list`;
  if (suite !== undefined && !exists(sources)) {
    await Deno.writeTextFile(sources, await sourcesOf(target));
  }
  const options = {
    "Dir::State": `${state}state`,
    "Dir::State::status": `${state}status`,
    "Dir::Cache": `${state}cache`,
    // Container images switch them off, and then each call parses all lists.
    "Dir::Cache::pkgcache": "pkgcache.bin",
    "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    ...(suite === undefined
      ? {}
      : { "Dir::Etc::SourceList": sources, "Dir::Etc::SourceParts": "/dev/null" }),
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await outputOf(["apt-get", "-q", ...flags, ...args], { cwd });
}

export interface FetchOptions {
  /** A release's code name; by default the machine's own. */
  readonly suite?: string;
  /** The term for apt, possibly a pattern (apt-patterns(7)); by default the package's name. */
  readonly term?: string;
}

/**
 * The directory of a package's unpacked files: `DIRECTORY/usr/bin/…`. `arch` is Debian's name
 * (s390x, riscv64), or "all". It is fetched once; afterwards no network is needed.
 */
export async function fetchPackage(
  name: string,
  arch: string,
  { suite, term = name }: FetchOptions = {},
): Promise<string> {
  const directory = `${CACHE}${name}_${suite === undefined ? "" : `${suite}_`}${arch}`;
  if (exists(directory)) return directory;
  const host = (await outputOf(["dpkg", "--print-architecture"])).trim();
  const target = { architecture: arch === "all" ? host : arch, suite };
  const unpack = (file: string, into: string) => outputOf(["dpkg-deb", "-x", file, into]);
  return await fetchInto(directory, target, ["download", term], unpack);
}

/** The same for a release's source package: the upstream tar file. */
export async function fetchSource(name: string, suite: string): Promise<string> {
  const args = ["source", "--download-only", "--tar-only", name];
  const unpack = (file: string, into: string) =>
    outputOf(["tar", "-xf", file, "-C", into, "--strip-components=1"]);
  const target = { architecture: SOURCE, suite };
  return await fetchInto(`${CACHE}${name}_${suite}_${SOURCE}`, target, args, unpack);
}

/** Unpacks what apt-get fetches into a directory, unless that exists. */
async function fetchInto(
  directory: string,
  target: Target,
  args: string[],
  unpack: (file: string, into: string) => Promise<unknown>,
): Promise<string> {
  if (exists(directory)) return directory;
  await Deno.mkdir(CACHE, { recursive: true });
  // Test files run in parallel.
  using lock = await Deno.open(`${CACHE}lock`, { create: true, write: true });
  await lock.lock(true);
  if (exists(directory)) return directory;
  const fetched = `${directory}.fetched`;
  const unpacked = `${directory}.new`;
  for (const path of [fetched, unpacked]) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
    await Deno.mkdir(path);
  }
  try {
    await aptGet(target, args, fetched);
  } catch {
    // The lists are missing or out of date. A source that fails may be another package's.
    await aptGet(target, ["update"], CACHE).catch(() => {});
    await aptGet(target, args, fetched);
  }
  for await (const { name } of Deno.readDir(fetched)) await unpack(`${fetched}/${name}`, unpacked);
  await Deno.remove(fetched, { recursive: true });
  await Deno.rename(unpacked, directory);
  return directory;
}
