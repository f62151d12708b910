/**
 * Reports signals that would otherwise end the program: Ctrl-C, the terminal's end, and SIGTERM,
 * which arrives if the waiting start was ended. So the program can close its windows and wait for
 * the package manager, which gets the terminal's keys too.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  return controller.signal;
}
