import type { Variables } from "./environment.ts";
import type { Resolver } from "./resolver.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { Text } from "./text.ts";
import type { Utf8 } from "./utf8.ts";

const SLASH = 0x2f;

/** BINFMT_DISPATCHER_LOG_LEVEL=debug has the resolver explain the start on stderr. */
export function explainStart(
  s: State,
  text: Text,
  utf8: Utf8,
  variables: Variables,
  resolver: Resolver,
): void {
  const { code } = s;
  const level = code.variable("log_level");
  const explained = code.variable("explained");
  const byte = code.variable("explained_byte");
  const here = code.buffer("explained_here", PATH_SIZE);
  /** explained = the program's path; to `explain`, a name without a slash is one on PATH. */
  const findPath = code.procedure("find_explained", [explained], () => {
    text.join(here, PATH_SIZE, ["./", s.program]);
    code.loop(() => {
      code.read(byte, 1, explained);
      code.if(byte, "==", 0, () => code.leave());
      code.do(explained, explained, "+", 1);
      code.if(byte, "==", SLASH, () => {
        code.set(explained, s.program);
        code.return();
      });
    });
    code.set(explained, here);
  });
  const explain = resolver.run("explain_start", {
    args: ["explain", "--", explained],
    variables: [
      ...["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"],
      "BINFMT_DISPATCHER_INTERPRETER",
    ],
    output: "stderr",
    folder: "caller's",
    session: false,
    patience_ms: 10_000,
  });
  variables.find(level, "BINFMT_DISPATCHER_LOG_LEVEL");
  code.if(level, "!=", 0, () => {
    code.call(text.same, level, code.text("debug"));
    // Deno cannot take an argument that is not UTF-8.
    code.call(utf8.check, s.program);
    code.if(text.equal, "==", 1, () => {
      code.if(utf8.valid, "==", 1, () => {
        code.call(findPath, s.program);
        code.call(explain, -1);
      });
    });
  });
}
