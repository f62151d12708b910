import { close, memfd, O_CLOEXEC, O_RDWR, open } from "../linux.ts";
import { utf8 } from "../outside.ts";

/**
 * Opens /dev/null for those of descriptors 0 to 2 that the caller closed, so that no message is
 * written to a file in their place. execve closes them again.
 */
export function holdStandardDescriptors(): void {
  let descriptor = openNull();
  while (descriptor >= 0 && descriptor <= 2) descriptor = openNull();
  if (descriptor >= 0) close(descriptor);
}

/** /dev/null, or a substitute if there is no /dev; execve closes it. */
export function openNull(): number {
  const descriptor = open(utf8("/dev/null"), O_RDWR | O_CLOEXEC);
  return descriptor >= 0 ? descriptor : memfd(utf8("null"), false);
}
