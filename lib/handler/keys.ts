import { SIGINT, SIGQUIT, SIGSET_SIZE } from "./signals.ts";
import type { State } from "./state.ts";

const SIG_IGN = 1;

/** The kernel's struct sigaction: handler, flags, restorer, mask. */
const SIGACTION_SIZE = 32;

/**
 * The terminal's keys are the resolver's while it asks, as those of system(3) are its command's:
 * who only waits ignores them, and what its caller set holds again afterwards.
 */
export function defineKeys(s: State) {
  const { code } = s;
  const ignoring = code.buffer("keys_ignored", SIGACTION_SIZE);
  const kept = [SIGINT, SIGQUIT].map((signal) => (
    { signal, action: code.buffer(`keys_kept_${signal}`, SIGACTION_SIZE) }
  ));
  const ignore = code.procedure("ignore_keys", [], () => {
    code.write(8, ignoring, SIG_IGN);
    for (const { signal, action } of kept) {
      code.syscall(s.ignored, "rt_sigaction", signal, ignoring, action, SIGSET_SIZE);
    }
  });
  const restore = code.procedure("restore_keys", [], () => {
    for (const { signal, action } of kept) {
      code.syscall(s.ignored, "rt_sigaction", signal, action, 0, SIGSET_SIZE);
    }
  });
  return { ignore, restore };
}
