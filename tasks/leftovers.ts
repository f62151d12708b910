/** Finds what tests left behind: registrations, mounts, files, processes. */

function lines(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n");
  } catch {
    return [];
  }
}

function names(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The machine's binfmt_misc entries, and where binfmt_misc is mounted. */
export function snapshot(): ReadonlySet<string> {
  return new Set([
    ...names("/proc/sys/fs/binfmt_misc").map((name) => `binfmt_misc entry ${name}`),
    ...lines("/proc/self/mounts").filter((line) => line.includes(" binfmt_misc "))
      .map((line) => `mount ${line}`),
  ]);
}

/** Describes what is new since `before`, and what is in or was started with the tests' TMPDIR. */
export function leftovers(before: ReadonlySet<string>, directory: string): string[] {
  const mounts = lines("/proc/self/mounts").filter((line) => line.includes(` ${directory}/`));
  const processes = names("/proc").filter((pid) =>
    /^\d+$/.test(pid) && pid !== String(Deno.pid) &&
    lines(`/proc/${pid}/environ`).join().split("\0").includes(`TMPDIR=${directory}`)
  );
  return [
    ...[...snapshot()].filter((entry) => !before.has(entry)),
    ...mounts.map((line) => `mount ${line}`),
    ...names(directory).map((name) => `${directory}/${name}`),
    ...processes.map((pid) => `process ${pid}: ${lines(`/proc/${pid}/comm`)[0]}`),
  ];
}
