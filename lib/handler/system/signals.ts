/** Signals that both machines number alike: asm-generic/signal.h. */

export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGPIPE = 13;
export const SIGTERM = 15;
export const LAST_SIGNAL = 64;
