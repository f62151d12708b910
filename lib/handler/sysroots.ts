import { CANDIDATE } from "../routes/format.ts";
import type { Judging, JudgingParts } from "./judging.ts";
import { PATH_SIZE, type State } from "./state.ts";

const SLASH = 0x2f;

/** sysroot = the first below which a dynamic program's loader exists; usable = 0 where none is. */
export function defineSysroots(
  s: State,
  { m, file, text, access }: JudgingParts,
  { lacks, tellWords }: Judging,
) {
  const { code } = s;
  const n = code.variable("sysroots_left");
  const at = code.variable("sysroot_at");
  const offset = code.variable("sysroot_offset");
  const first = code.variable("loader_first_byte");
  const path = code.buffer("sysroot_loader", 2 * PATH_SIZE);
  return code.procedure("sysroots", [], () => {
    code.set(s.sysroot, code.text(""));
    access.number(at, s.candidate, CANDIDATE.sysroots);
    code.if(at, "==", 0, () => code.return());
    access.number(n, at);
    code.if(n, "==", 0, () => code.return());
    code.read(first, 1, s.loader);
    code.if(first, "==", 0, () => {
      access.number(offset, at, 4);
      code.call(access.findString, offset);
      code.set(s.sysroot, access.string);
      code.return();
    });
    code.if(first, "==", SLASH, () => {
      code.while(n, "!=", 0, () => {
        code.do(at, at, "+", 4);
        access.number(offset, at);
        code.call(access.findString, offset);
        code.set(s.sysroot, access.string);
        text.join(path, 2 * PATH_SIZE, [s.sysroot, s.loader]);
        file.look(path);
        m.ifError(file.error, () => {}, () => code.return());
        code.do(n, n, "-", 1);
      });
    });
    lacks();
    tellWords([" finds the program's own loader ", s.loader, " in none of its root folders"]);
  });
}
