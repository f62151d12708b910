/**
 * What would end us is told instead, once asked for: Ctrl-C, the terminal's end, and SIGTERM, which
 * comes where the start that waits for us was ended. So windows are closed and a package manager,
 * which has the terminal's keys too, is waited for.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  return controller.signal;
}
