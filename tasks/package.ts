/**
 * `./dev package [amd64] [arm64]`: makes a .deb, an .rpm, a tarball and an SBOM for each machine
 * (default: this one), and SHA256SUMS, in dist/packages/. The same sources give the same bytes.
 */
import { say } from "./say.ts";
import { arMember } from "./package/ar_member.ts";
import { pack } from "./package/pack.ts";
import { runtimeOf } from "./package/runtime.ts";
import { sbom } from "./package/sbom.ts";
import { type Architecture, ARCHITECTURES } from "./package/architectures.ts";
import { fileNames } from "./package/file_names.ts";
import { sourceDate } from "./package/source_date.ts";
import { writeSums } from "./package/sums.ts";
import { stage } from "./package/stage.ts";
import { startPacked } from "./package/start_packed.ts";
import { compileFor } from "./compile.ts";
import { ROOT } from "./start.ts";

const PACKAGES_DIRECTORY = `${ROOT}/dist/packages`;

/** What went wrong, or the names of the files. */
type Made = { readonly fault: string } | { readonly files: readonly string[] };

async function make(architecture: Architecture, date: Date): Promise<Made> {
  const { debian, triple } = architecture;
  const compiled = await compileFor(triple);
  if ("fault" in compiled) return compiled;
  const directory = `${ROOT}/dist/stage-${debian}`;
  await stage(architecture, { directory, program: compiled.program, date });
  const files = fileNames(architecture);
  for (const format of ["deb", "rpm"] as const) {
    const file = `${PACKAGES_DIRECTORY}/${files[format]}`;
    const fault = await pack(format, architecture, { directory, file, date });
    if (fault !== undefined) return { fault };
  }
  // From the .deb's own archive: only nfpm.yaml says what is packed.
  const deb = await Deno.readFile(`${PACKAGES_DIRECTORY}/${files.deb}`);
  await Deno.writeFile(`${PACKAGES_DIRECTORY}/${files.tarball}`, arMember(deb, "data.tar.gz"));
  const bill = await sbom(await runtimeOf(triple), date);
  await Deno.writeTextFile(`${PACKAGES_DIRECTORY}/${files.sbom}`, bill);
  const fault = await startPacked(`${PACKAGES_DIRECTORY}/${files.tarball}`, architecture);
  return fault === undefined ? { files: Object.values(files) } : { fault };
}

async function main(names: readonly string[]): Promise<boolean> {
  const own = ARCHITECTURES.filter(({ machine }) => machine === Deno.build.arch);
  const wanted = names.length === 0
    ? own
    : ARCHITECTURES.filter(({ debian }) => names.includes(debian));
  if (wanted.length < names.length) {
    say(`Cannot package for “${names.join(" ")}”: the architectures are amd64 and arm64`);
    return false;
  }
  const date = await sourceDate();
  if (date === undefined) {
    say("Cannot package: the date of the sources is unknown\n  Set SOURCE_DATE_EPOCH.");
    return false;
  }
  await Deno.remove(PACKAGES_DIRECTORY, { recursive: true }).catch(() => {});
  await Deno.mkdir(PACKAGES_DIRECTORY, { recursive: true });
  const files: string[] = [];
  for (const architecture of wanted) {
    const made = await make(architecture, date);
    if ("fault" in made) {
      say(`Cannot package for ${architecture.debian}: ${made.fault}`);
      return false;
    }
    files.push(...made.files);
  }
  await writeSums(PACKAGES_DIRECTORY);
  for (const name of [...files, "SHA256SUMS"]) {
    const { size } = await Deno.stat(`${PACKAGES_DIRECTORY}/${name}`);
    say(`dist/packages/${name}: ${(size / 1e6).toFixed(1)} MB`);
  }
  return true;
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
