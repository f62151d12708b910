import type { Variables } from "./environment.ts";
import type { Resolver } from "./resolver.ts";
import type { State } from "./state.ts";
import type { Text } from "./text.ts";
import type { Utf8 } from "./utf8.ts";

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
  const explain = resolver.run("explain_start", {
    args: ["explain", "--", s.program],
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
      code.if(utf8.valid, "==", 1, () => code.call(explain, -1));
    });
  });
}
