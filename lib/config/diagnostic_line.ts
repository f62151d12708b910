import type { Diagnostic } from "./config.ts";

/** One line in the style of compilers: FILE:LINE: KEY: what was found and expected. */
export function diagnosticLine(
  { severity, file, line, key, message, did_you_mean }: Diagnostic,
): string {
  const place = line > 0 ? `${file}:${line}` : file;
  const parts = [
    place,
    ...(severity === "warning" ? ["warning"] : []),
    ...(key === "" ? [] : [key]),
  ];
  const meant = did_you_mean === undefined ? "" : ` (did you mean “${did_you_mean}”?)`;
  return `${parts.join(": ")}: ${message}${meant}`;
}
