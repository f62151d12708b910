/** What all dialog programs have in common. */

/**
 * zenity refuses arguments that its locale cannot express (status 255, as a “no”), so in the C
 * locale every text of ours, whose quotation marks are “ and ”. Even where a UTF-8 locale is set it
 * may not be installed, and then it is C's. This one always is; our words are English anyway.
 */
export const ANY_TEXT = { LC_ALL: "C.UTF-8" } as const;

/** Seconds for which it is seen that something is done. */
export const SECONDS_OF_DONE = 5;
