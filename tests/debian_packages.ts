/**
 * Debian packages for tests, also of other architectures, unpacked into .cache/, never installed:
 * apt gets lists and folders of its own, so that the machine's stay as they are.
 */
const CACHE = new URL("../.cache/debian/", import.meta.url).pathname;

async function run(program: string, args: string[], cwd: string): Promise<string> {
  const command = new Deno.Command(program, { args, cwd, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}${text(stdout)}`);
  return text(stdout);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** apt-get with the machine's sources, but with a state of its own for one architecture. */
async function aptGet(architecture: string, args: string[], cwd: string): Promise<void> {
  const state = `${CACHE}apt-${architecture}/`;
  for (const folder of ["state/lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(state + folder, { recursive: true });
  }
  // Written again it would make apt's cache of the lists stale.
  if (!await exists(`${state}status`)) await Deno.writeTextFile(`${state}status`, "");
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
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run("apt-get", ["-q", ...flags, ...args], cwd);
}

/**
 * Where the files of a package are, unpacked: `FOLDER/usr/bin/…`. `arch` is Debian's name (s390x,
 * riscv64), or "all". Fetched once; afterwards no network is needed.
 */
export async function fetchPackage(name: string, arch: string): Promise<string> {
  const folder = `${CACHE}${name}_${arch}`;
  if (await exists(folder)) return folder;
  await Deno.mkdir(CACHE, { recursive: true });
  // Test files run side by side.
  using lock = await Deno.open(`${CACHE}lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(folder)) return folder;
  const host = (await run("dpkg", ["--print-architecture"], "/")).trim();
  const architecture = arch === "all" ? host : arch;
  const unpacked = `${folder}.new`;
  for (const path of [unpacked, `${folder}.deb`]) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
  await Deno.mkdir(`${folder}.deb`);
  const download = () => aptGet(architecture, ["download", name], `${folder}.deb`);
  try {
    await download();
  } catch {
    // No lists yet, or older than the archive.
    // A source that fails need not be the package's.
    await aptGet(architecture, ["update"], CACHE).catch(() => {});
    await download();
  }
  for await (const file of Deno.readDir(`${folder}.deb`)) {
    await run("dpkg-deb", ["-x", `${folder}.deb/${file.name}`, unpacked], CACHE);
  }
  await Deno.remove(`${folder}.deb`, { recursive: true });
  await Deno.rename(unpacked, folder);
  return folder;
}
