/**
 * A directory in which programs are written: beside the handler's own files, which are links there,
 * as structures are known only where decide/table.ts is.
 */
export interface ProgramFolder extends Disposable {
  /** Where the programs go. */
  readonly folder: string;
}

const LIB = new URL("../../lib", import.meta.url).pathname;

export function makeProgramFolder(): ProgramFolder {
  const root = Deno.makeTempDirSync();
  const folder = `${root}/handler`;
  Deno.mkdirSync(folder);
  link(LIB, root, "handler");
  link(`${LIB}/handler`, folder);
  return {
    folder,
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}

function link(from: string, to: string, except?: string): void {
  for (const { name } of Deno.readDirSync(from)) {
    if (name !== except) Deno.symlinkSync(`${from}/${name}`, `${to}/${name}`);
  }
}
