/** What probe.c saw of its start. Strings have one character for each byte. */
export interface Report {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** AT_EXECFN: what was executed. */
  readonly file: string;
  /** Descriptor → path of what is open there. */
  readonly open: Readonly<Record<string, string>>;
  readonly umask: string;
  /** As /proc/self/status has them, each a hexadecimal mask. */
  readonly blocked: string;
  readonly ignored: string;
  readonly pending: string;
}

export function parseReport(bytes: Uint8Array): Report {
  let at = 0;
  const next = () => {
    const end = bytes.indexOf(0, at);
    const item = bytes.subarray(at, end);
    at = end + 1;
    return inCharacters(item);
  };
  const all = () => Array.from({ length: Number(next()) }, next);
  const argv = all(), env = all(), cwd = next(), file = next();
  const open = Object.fromEntries(
    all().map((item) => {
      const [descriptor = "", where = ""] = item.split(" ");
      // Pipes are numbered.
      return [descriptor, where.replace(/^pipe:.*/, "pipe")];
    }),
  );
  const status = inCharacters(bytes.subarray(at));
  const field = (name: string) => status.match(new RegExp(`^${name}:\\s*(\\w+)`, "m"))?.[1] ?? "";
  return {
    ...{ argv, env, cwd, file, open },
    umask: field("Umask"),
    blocked: field("SigBlk"),
    ignored: field("SigIgn"),
    pending: field("ShdPnd"),
  };
}

function inCharacters(bytes: Uint8Array): string {
  return bytes.reduce((text, byte) => text + String.fromCharCode(byte), "");
}
