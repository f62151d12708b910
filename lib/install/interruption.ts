/**
 * Catches SIGINT, SIGHUP and SIGTERM, which arrives if the waiting start was killed. So the program
 * can close its windows and wait for the package manager, which gets the terminal's signals too.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  return controller.signal;
}
