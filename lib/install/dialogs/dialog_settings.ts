/** Settings shared by all dialog programs. */

/**
 * In the C locale zenity refuses non-ASCII arguments, such as “, with status 255, like a “no”. The
 * user's UTF-8 locale may not be installed; this one always is.
 */
export const ANY_TEXT = { LC_ALL: "C.UTF-8" } as const;

/** Seconds for which done() is shown. */
export const SECONDS_OF_DONE = 5;
