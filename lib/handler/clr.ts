import type { Variable } from "../native/program.ts";
import type { InFile } from "./in_file.ts";
import type { State } from "./state.ts";

/**
 * clr = the PE file has a CLR header (data directory 14): it is a .NET program.
 * https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 */
export function defineFindClr(s: State, inFile: InFile, clr: Variable) {
  const { code } = s;
  const value = code.variable("pe_value");
  const header = code.variable("pe_header");
  const magic = code.variable("pe_magic");
  /**
   * After the signature, COFF header and optional header's fields: 16 directories, of which we need
   * 15.
   */
  const SIZES = { 0x10b: { n: 92, directories: 96 }, 0x20b: { n: 108, directories: 112 } };
  const OPTIONAL = 24;
  return code.procedure("find_clr", [], () => {
    code.set(clr, 0);
    code.if(s.head_length, "<", 0x40, () => code.return());
    code.read(header, 4, s.head, 0x3c);
    inFile.look(header, OPTIONAL + 2);
    code.if(inFile.at, "==", 0, () => code.return());
    code.read(value, 4, inFile.at);
    code.if(value, "!=", 0x00004550, () => code.return());
    code.read(magic, 2, inFile.at, OPTIONAL);
    for (const [optional_magic, { n, directories }] of Object.entries(SIZES)) {
      code.if(magic, "==", Number(optional_magic), () => {
        const clr_header = OPTIONAL + directories + 14 * 8;
        inFile.look(header, clr_header + 4);
        code.if(inFile.at, "==", 0, () => code.return());
        code.read(value, 4, inFile.at, OPTIONAL + n);
        code.if(value, ">", 14, () => {
          code.read(value, 4, inFile.at, clr_header);
          code.if(value, "!=", 0, () => code.set(clr, 1));
        });
      });
    }
  });
}
