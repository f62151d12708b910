import { USER_LAYER } from "../paths.ts";
import type { Variables } from "./environment.ts";
import type { File } from "./file.ts";
import type { Seen } from "./seen.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { Text } from "./text.ts";

interface UserLayerParts {
  readonly file: File;
  readonly seen: Seen;
  readonly text: Text;
  readonly variables: Variables;
}

/**
 * The user's own layer: `path`, and `own` = 1 if it is there and theirs or root's. Where it is
 * there but another user's, `stranger` = 1 and `owner` is who.
 */
export function findUserLayer(
  s: State,
  { file, seen, text, variables }: UserLayerParts,
) {
  const { code } = s;
  const path = code.buffer("user_layer", PATH_SIZE);
  const own = code.variable("own");
  const owner = code.variable("user_layer_owner");
  const stranger = code.variable("stranger");
  const base = code.variable("user_base");
  /** 1 where the path did not fit or no folder is known. */
  const unknown = code.variable("user_layer_unknown");
  code.set(unknown, 1);
  const below = (variable: string, suffix: string) =>
    code.if(unknown, "==", 1, () => {
      variables.findFolder(base, variable);
      code.if(base, "!=", 0, () => {
        text.join(path, PATH_SIZE, [base, suffix]);
        code.set(unknown, text.full);
      });
    });
  below("XDG_CONFIG_HOME", `/${USER_LAYER}`);
  below("HOME", `/.config/${USER_LAYER}`);
  code.set(own, 0);
  code.if(unknown, "==", 0, () => {
    file.look(path);
    code.if(file.error, "==", 0, () => {
      code.if(file.uid, "==", s.euid, () => code.set(own, 1));
      code.if(file.uid, "==", 0, () => code.set(own, 1));
      code.if(own, "==", 1, () => seen.keep(path), () => {
        code.set(stranger, 1);
        code.set(owner, file.uid);
      });
    });
  });
  return { path, own, owner, stranger };
}

export type UserLayer = ReturnType<typeof findUserLayer>;
