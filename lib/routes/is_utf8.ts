const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Are these bytes UTF-8 as RFC 3629 has it? */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
