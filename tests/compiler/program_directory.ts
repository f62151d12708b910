/**
 * A directory for programs, with links to the handler's own files: the compiler knows structures
 * only beside decide/table.ts.
 */
export interface ProgramDirectory extends Disposable {
  readonly directory: string;
}

const LIB = new URL("../../lib", import.meta.url).pathname;

export function makeProgramDirectory(): ProgramDirectory {
  const root = Deno.makeTempDirSync();
  const directory = `${root}/handler`;
  Deno.mkdirSync(directory);
  link(LIB, root, "handler");
  link(`${LIB}/handler`, directory);
  return {
    directory,
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}

function link(from: string, to: string, except?: string): void {
  for (const { name } of Deno.readDirSync(from)) {
    if (name !== except) Deno.symlinkSync(`${from}/${name}`, `${to}/${name}`);
  }
}
