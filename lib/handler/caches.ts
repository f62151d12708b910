import type { Address, Procedure, Variable } from "../native/program.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, type File, openFlags, S_IFDIR, S_IFMT } from "./file.ts";
import { PATH_SIZE, type State } from "./state.ts";
import { NOBODY, type Table, WRITABLE_BY_OTHERS } from "./table.ts";
import type { Text } from "./text.ts";
import type { UserLayer } from "./user_layer.ts";

export const NAME_SIZE = 64;

/** What is above it is a negated errno. */
export const LAST_DESCRIPTOR = 0x7fffffff;

export interface CacheParts {
  readonly file: File;
  readonly text: Text;
  readonly table: Table;
  readonly variables: Variables;
}

/** Where a caller's own tables stand: the session's runtime folder, or the cache folder. */
export function defineCaches(s: State, parts: CacheParts, user: UserLayer) {
  const { code } = s;
  /** The table's name: its format's version, and for a user's layer a hash of its path. */
  const name = code.buffer("table_name", NAME_SIZE);
  const own = defineOwnFolders(s, parts);
  const hash = defineHash(s);
  const lookUp = defineLookUp(s, parts, user, name, hash, own);
  const { open, folder } = defineOpenFolder(s, parts);
  const lookUpSystem = code.procedure("look_up_system", [], () => {
    code.call(parts.table.use, code.text(systemTable(s)), NOBODY);
  });
  const choose = defineChoose(s, parts, user, own, open, folder);
  return { lookUp, lookUpSystem, choose, folder, name, hash };
}

function systemTable(s: State): string {
  return `${s.options.tables}/routes-${FORMAT_VERSION}`;
}

/** valid = a table was found that holds. */
function defineLookUp(
  s: State,
  { text, table }: CacheParts,
  user: UserLayer,
  name: Address,
  hash: ReturnType<typeof defineHash>,
  own: OwnFolders,
) {
  const { code } = s;
  const system = code.text(systemTable(s));
  const path = code.buffer("table_file", PATH_SIZE);
  return code.procedure("look_up", [], () => {
    code.set(table.valid, 0);
    text.join(name, NAME_SIZE, [`routes-${FORMAT_VERSION}`]);
    code.if(user.own, "==", 0, () => {
      code.call(table.use, system, NOBODY);
      code.if(table.valid, "==", 1, () => code.return());
      code.if(s.secure, "==", 1, () => code.return());
      code.if(s.euid, "==", 0, () => code.return());
    }, () => {
      code.call(hash.compute, user.path);
      text.join(name, NAME_SIZE, [`routes-${FORMAT_VERSION}-`, hash.digits]);
    });
    code.call(own.find);
    own.forEach((folder) => {
      text.join(path, PATH_SIZE, [folder, "/", name]);
      code.call(table.use, path, s.euid);
      code.if(table.valid, "==", 1, () => code.return());
    });
  });
}

/** folder = a descriptor of the folder, made if need be, or a negated errno; it has to be ours. */
function defineOpenFolder(s: State, { file }: CacheParts) {
  const { code } = s;
  const folder = code.variable("cache_descriptor");
  const candidate = code.variable("cache_candidate");
  const mode = code.variable("cache_mode");
  const flags = openFlags(s);
  const open = code.procedure("open_folder", [candidate, mode], () => {
    code.syscall(s.ignored, "mkdirat", AT_FDCWD, candidate, mode);
    const how = flags.O_RDONLY | flags.O_DIRECTORY | flags.O_NOFOLLOW | flags.O_CLOEXEC;
    code.syscall(folder, "openat", AT_FDCWD, candidate, how, 0);
    code.if(folder, "<=", LAST_DESCRIPTOR, () => {
      file.lookAtDescriptor(folder);
      code.do(mode, file.mode, "&", S_IFMT | WRITABLE_BY_OTHERS);
      code.if(mode, "==", S_IFDIR, () => {
        code.if(file.uid, "==", s.euid, () => code.return());
      });
      code.syscall(s.ignored, "close", folder);
      code.set(folder, -1);
    });
  });
  return { open, folder };
}

/** folder = where this caller's tables are kept, or above LAST_DESCRIPTOR: nowhere. */
function defineChoose(
  s: State,
  { file }: CacheParts,
  user: UserLayer,
  own: OwnFolders,
  openFolder: Procedure,
  folder: Variable,
) {
  const { code } = s;
  const { cache } = own;
  const openCache = code.procedure("open_cache", [], () => {
    // In a home that is somebody else's (sudo keeps HOME in some set-ups) nothing is made.
    file.look(cache.base);
    code.if(file.error, "!=", 0, () => code.return());
    code.if(file.uid, "!=", s.euid, () => code.return());
    code.syscall(s.ignored, "mkdirat", AT_FDCWD, cache.home, 0o700);
    code.call(openFolder, cache.folder, 0o700);
  });
  return code.procedure("choose_folder", [], () => {
    code.if(user.own, "==", 0, () => {
      code.if(s.euid, "==", 0, () => {
        code.call(openFolder, code.text(s.options.tables), 0o755);
        code.return();
      });
    });
    code.set(folder, -1);
    code.call(own.find);
    own.forEach((each) => {
      code.if(each, "==", cache.folder, () => code.call(openCache), () => {
        code.call(openFolder, each, 0o700);
      });
      code.if(folder, "<=", LAST_DESCRIPTOR, () => code.return());
    });
  });
}

/**
 * The caller's own two folders for tables. That of the runtime folder comes first in a session,
 * which XDG_RUNTIME_DIR tells; elsewhere there mostly is none, and to look there costs a call.
 */
function defineOwnFolders(s: State, { text, variables }: CacheParts) {
  const { code } = s;
  const session = code.buffer("session_folder", NAME_SIZE);
  const runtime = code.buffer("runtime_folder", NAME_SIZE);
  const cache = defineCacheFolder(s, text, variables);
  const named = code.variable("named_runtime_folder");
  const first = code.variable("first_folder");
  const second = code.variable("second_folder");
  const find = code.procedure("find_own_folders", [], () => {
    code.call(text.decimal, s.euid);
    text.join(session, NAME_SIZE, ["/run/user/", text.digits]);
    text.join(runtime, NAME_SIZE, [session, "/binfmt-dispatcher"]);
    code.call(cache.find);
    code.set(second, runtime);
    code.set(first, 0);
    code.if(cache.base, "!=", 0, () => code.set(first, cache.folder));
    variables.findFolder(named, "XDG_RUNTIME_DIR");
    code.if(named, "!=", 0, () => {
      code.call(text.same, named, session);
      code.if(text.equal, "==", 1, () => {
        code.set(second, first);
        code.set(first, runtime);
      });
    });
  });
  const forEach = (each: (folder: Variable) => void) => {
    for (const folder of [first, second]) code.if(folder, "!=", 0, () => each(folder));
  };
  return { find, forEach, cache };
}

type OwnFolders = ReturnType<typeof defineOwnFolders>;

/**
 * `folder` is below `home`: $XDG_CACHE_HOME, else ~/.cache. `base` is the address of the
 * variable's value, which has to be there before; 0 where neither is known.
 */
function defineCacheFolder(s: State, text: Text, variables: Variables) {
  const { code } = s;
  const home = code.buffer("cache_home", PATH_SIZE);
  const folder = code.buffer("cache_folder", PATH_SIZE);
  const base = code.variable("cache_base");
  const find = code.procedure("find_cache_folder", [], () => {
    variables.findFolder(base, "XDG_CACHE_HOME");
    code.if(base, "!=", 0, () => text.join(home, PATH_SIZE, [base]), () => {
      variables.findFolder(base, "HOME");
      code.if(base, "!=", 0, () => text.join(home, PATH_SIZE, [base, "/.cache"]));
    });
    text.join(folder, PATH_SIZE, [home, "/binfmt-dispatcher"]);
  });
  return { find, base, home, folder };
}

export type Caches = ReturnType<typeof defineCaches>;

/**
 * FNV-1a, 64 bits, as sixteen digits: names the user's layer, and nothing depends on it but a name.
 */
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
