/** Why muvm cannot be asked for here, as handler and explain say it. */
export const WRAPPER_WORDS = {
  root: "muvm refuses root",
  runtime: "muvm needs XDG_RUNTIME_DIR",
  utf8: "muvm takes UTF-8 only",
} as const;
