import { FORMAT_VERSION } from "../routes/format.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, type File, openFlags, S_IFDIR, S_IFMT } from "./file.ts";
import { PATH_SIZE, type State } from "./state.ts";
import { NOBODY, type Table, WRITABLE_BY_OTHERS } from "./table.ts";
import type { Text } from "./text.ts";
import type { UserLayer } from "./user_layer.ts";

export const NAME_SIZE = 64;

export interface CacheParts {
  readonly file: File;
  readonly text: Text;
  readonly table: Table;
  readonly variables: Variables;
}

/** The folders where tables may be kept, and what they are called there. */
export function defineCaches(
  s: State,
  { file, text, table, variables }: CacheParts,
  user: UserLayer,
) {
  const { code } = s;
  const system = code.text(`${s.options.tables}/routes-${FORMAT_VERSION}`);
  const name = code.buffer("table_name", NAME_SIZE);
  const runtime = code.buffer("runtime_folder", NAME_SIZE);
  const cache = code.buffer("cache_folder", PATH_SIZE);
  const path = code.buffer("table_file", PATH_SIZE);
  const base = code.variable("cache_base");

  /** The name of a table: its format's version, and for a user's the hash of their layer's path. */
  const settleName = () => {
    text.join(name, NAME_SIZE, [`routes-${FORMAT_VERSION}`]);
    code.if(user.own, "==", 1, () => {
      code.call(hash.compute, user.path);
      text.join(name, NAME_SIZE, [`routes-${FORMAT_VERSION}-`, hash.digits]);
    });
  };
  const hash = defineHash(s);

  /** valid = a table was found that holds. */
  const lookUp = code.procedure("look_up", [], () => {
    code.set(table.valid, 0);
    code.if(user.own, "==", 0, () => {
      code.call(table.use, system, NOBODY);
      code.if(table.valid, "==", 1, () => code.return());
      code.if(s.secure, "==", 1, () => code.return());
      code.if(s.euid, "==", 0, () => code.return());
    });
    settleName();
    code.call(text.decimal, s.euid);
    text.join(runtime, NAME_SIZE, ["/run/user/", text.digits, "/binfmt-dispatcher"]);
    text.join(path, PATH_SIZE, [runtime, "/", name]);
    code.call(table.use, path, s.euid);
    code.if(table.valid, "==", 1, () => code.return());
    code.write(1, cache, 0);
    for (
      const [variable, suffix] of [
        ["HOME", "/.cache/binfmt-dispatcher"],
        ["XDG_CACHE_HOME", "/binfmt-dispatcher"],
      ] as const
    ) {
      variables.findFolder(base, variable);
      code.if(base, "!=", 0, () => text.join(cache, PATH_SIZE, [base, suffix]));
    }
    text.join(path, PATH_SIZE, [cache, "/", name]);
    code.call(table.use, path, s.euid);
  });

  const folder = code.variable("cache_descriptor");
  const candidate = code.variable("cache_candidate");
  const mode = code.variable("cache_mode");
  const flags = openFlags(s);
  /** folder = a descriptor of the folder, made if need be, or a negated errno; it has to be ours alone. */
  const openFolder = code.procedure("open_folder", [candidate, mode], () => {
    code.syscall(s.ignored, "mkdirat", AT_FDCWD, candidate, mode);
    const how = flags.O_RDONLY | flags.O_DIRECTORY | flags.O_NOFOLLOW | flags.O_CLOEXEC;
    code.syscall(folder, "openat", AT_FDCWD, candidate, how, 0);
    code.if(folder, "<", 0x7fffffff, () => {
      file.lookAtDescriptor(folder);
      code.do(mode, file.mode, "&", S_IFMT | WRITABLE_BY_OTHERS);
      code.if(mode, "==", S_IFDIR, () => {
        code.if(file.uid, "==", s.euid, () => code.return());
      });
      code.syscall(s.ignored, "close", folder);
      code.set(folder, -1);
    });
  });

  /** folder = where this caller's tables are kept, or negative: nowhere. */
  const choose = code.procedure("choose_folder", [], () => {
    code.if(user.own, "==", 0, () => {
      code.if(s.euid, "==", 0, () => {
        text.join(name, NAME_SIZE, [`routes-${FORMAT_VERSION}`]);
        code.call(openFolder, code.text(s.options.tables), 0o755);
        code.return();
      });
    });
    code.call(openFolder, runtime, 0o700);
    code.if(folder, "<", 0x7fffffff, () => code.return());
    // In a home that is somebody else's (sudo keeps HOME in some set-ups) nothing is made.
    for (
      const [variable, suffix] of [["XDG_CACHE_HOME", ""], ["HOME", "/.cache"]] as const
    ) {
      variables.findFolder(base, variable);
      code.if(base, "!=", 0, () => {
        file.look(base);
        code.if(file.error, "==", 0, () => {
          code.if(file.uid, "==", s.euid, () => {
            text.join(path, PATH_SIZE, [base, suffix]);
            code.syscall(s.ignored, "mkdirat", AT_FDCWD, path, 0o700);
            text.join(path, PATH_SIZE, [path, "/binfmt-dispatcher"]);
            code.call(openFolder, path, 0o700);
            code.return();
          });
        });
      });
    }
  });
  return { lookUp, choose, folder, name };
}

export type Caches = ReturnType<typeof defineCaches>;

/** FNV-1a, 64 bits, as sixteen digits: names the user's layer, and nothing depends on it but a name. */
function defineHash(s: State) {
  const { code } = s;
  const digits = code.buffer("hash_digits", 24);
  const value = code.variable("hash");
  const byte = code.variable("hash_byte");
  const at = code.variable("hash_at");
  const of = code.variable("hash_of");
  const compute = code.procedure("compute_hash", [of], () => {
    code.set(value, 0xcbf29ce484222325n);
    code.loop(() => {
      code.read(byte, 1, of);
      code.if(byte, "==", 0, () => code.leave());
      code.do(value, value, "^", byte);
      code.do(value, value, "*", 0x100000001b3n);
      code.do(of, of, "+", 1);
    });
    for (let digit = 0; digit < 16; digit++) {
      code.do(byte, value, ">>", 60 - 4 * digit);
      code.do(byte, byte, "&", 15);
      code.do(at, code.text("0123456789abcdef"), "+", byte);
      code.read(byte, 1, at);
      code.write(1, digits, byte, digit);
    }
  });
  return { digits, compute };
}
