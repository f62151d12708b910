/** From asm-generic/signal.h, the same on both hosts. */

export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGTERM = 15;
export const LAST_SIGNAL = 64;
/** For rt_sigaction and rt_sigprocmask: bytes of a set of signals. */
export const SIGSET_SIZE = 8;
