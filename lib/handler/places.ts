import type { Messages } from "./message.ts";
import type { Variables } from "./environment.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { Text } from "./text.ts";

const SLASH = 0x2f;

/**
 * Paths that templates ask for and that take a system call or a look at the environment: found when
 * needed, once.
 */
export function definePlaces(s: State, m: Messages, text: Text, variables: Variables) {
  const { code } = s;
  const first = code.variable("place_first");

  const home = code.variable("place_home");
  const findHome = code.procedure("place_find_home", [], () => variables.findFolder(home, "HOME"));

  const data = code.variable("place_data");
  const data_path = code.buffer("place_data_path", PATH_SIZE);
  /** data = $XDG_DATA_HOME, else ~/.local/share; 0 where neither is known. */
  const findData = code.procedure("place_find_data", [], () => {
    variables.findFolder(data, "XDG_DATA_HOME");
    code.if(data, "!=", 0, () => code.return());
    code.call(findHome);
    code.if(home, "==", 0, () => code.return());
    text.join(data_path, PATH_SIZE, [home, "/.local/share"]);
    code.if(text.full, "==", 0, () => code.set(data, data_path));
  });

  const folder = code.buffer("place_folder", PATH_SIZE);
  const result = code.variable("place_result");
  /** The working directory, at `folder`. */
  const findFolder = code.procedure("place_find_folder", [], () => {
    code.syscall(result, "getcwd", folder, PATH_SIZE);
    m.ifError(result, () => m.fail(126, ["its working directory is gone: ", { error: result }]));
  });

  const guest = defineGuest(s, text);
  const program = code.buffer("place_program", 2 * PATH_SIZE);
  const canonical = code.buffer("place_canonical", PATH_SIZE + 1);
  /**
   * The program's absolute path, for the guest; the canonical one where only that tells that it is
   * below /run.
   */
  const findProgram = code.procedure("place_find_program", [], () => {
    code.read(first, 1, s.program);
    code.if(first, "==", SLASH, () => {
      text.join(program, 2 * PATH_SIZE, [s.program]);
    }, () => {
      code.call(findFolder);
      code.read(first, 1, folder, 1);
      // In / there is a slash already.
      code.if(first, "==", 0, () => text.join(program, 2 * PATH_SIZE, [folder, s.program]), () => {
        text.join(program, 2 * PATH_SIZE, [folder, "/", s.program]);
      });
    });
    code.call(guest.look, program);
    code.if(guest.below_run, "==", 1, () => code.return());
    // The kernel may have filled the buffer up, without a zero byte at its end.
    text.join(canonical, PATH_SIZE + 1, [s.path]);
    code.call(guest.look, canonical);
    code.if(guest.below_run, "==", 1, () => text.join(program, 2 * PATH_SIZE, [canonical]));
  });

  return {
    home,
    findHome,
    data,
    findData,
    folder,
    findFolder,
    program,
    findProgram,
    ...guest,
  };
}

export type Places = ReturnType<typeof definePlaces>;

/** Paths as muvm's guest has them. */
function defineGuest(s: State, text: Text) {
  const { code } = s;
  const path = code.variable("guest_path");
  const below_run = code.variable("below_run");
  const guest = code.buffer("guest", 2 * PATH_SIZE + 32);
  const at = code.variable("guest_at");
  const letter = code.variable("guest_letter");
  /** below_run = the path is /run or below it. */
  const look = code.procedure("is_below_run", [path], () => {
    code.set(below_run, 1);
    code.set(at, path);
    for (const expected of "/run") {
      code.read(letter, 1, at);
      code.if(letter, "!=", expected.charCodeAt(0), () => code.set(below_run, 0));
      code.if(letter, "!=", 0, () => code.do(at, at, "+", 1));
    }
    code.read(letter, 1, at);
    code.if(letter, "!=", 0, () => {
      code.if(letter, "!=", SLASH, () => code.set(below_run, 0));
    });
  });
  const host_path = code.variable("guest_host_path");
  /**
   * A host path as muvm's guest sees it, at `guest`: its /run is another one, ours stands below it.
   */
  const toGuest = code.procedure("to_guest", [host_path], () => {
    code.call(look, host_path);
    code.if(below_run, "==", 1, () => {
      text.join(guest, 2 * PATH_SIZE + 32, ["/run/muvm-host", host_path]);
    }, () => text.join(guest, 2 * PATH_SIZE + 32, [host_path]));
  });
  return { guest, toGuest, look, below_run };
}
