/** Checks the kernel and the handler. */
import { HANDLER } from "../paths.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import { BINFMT_MISC, switchOn } from "../explain/kernel_commands.ts";
import { bad, check, type Finding, good, REINSTALL, unknown, warning } from "./check.ts";
import { entriesSeen, unseen } from "./entries_seen.ts";

const MOUNT = `mount -t binfmt_misc binfmt_misc ${BINFMT_MISC}`;
const EROFS = 30;

export const kernel = check(["host"], ({ host: { old, release } }) => {
  if (old.length === 0) return [good(`Linux ${release}`)];
  return old.map(({ message }) => bad(message, "Install a newer kernel"));
});

export const handler = check(["handler"], ({ handler: { file, told, unseen, hint } }) => {
  if (file === "absent") return [bad(`${HANDLER} is not installed`, REINSTALL)];
  if (file === "unreadable") return [unknown(`${HANDLER} cannot be accessed by this user`)];
  if (told === undefined) {
    const seen = `${HANDLER} could not be queried: ${unseen}`;
    return [hint === undefined ? bad(seen, REINSTALL) : unknown(seen, hint)];
  }
  if (told.format !== FORMAT_VERSION) {
    const formats = `route table format ${told.format}, and this program writes format`;
    return [
      bad(`${HANDLER} has another version: it reads ${formats} ${FORMAT_VERSION}`, REINSTALL),
    ];
  }
  const carried = told.fallbacks.join(", ");
  const within = carried === "" ? "" : `, and embeds ${carried} for containers`;
  return [good(`${HANDLER} is installed and has the same version${within}`)];
});

export const binfmtMisc = check(["host", "handler"], ({ host, handler }) => {
  const { told } = handler;
  if (told === undefined) return [unseen(handler)];
  if (told.enabled === undefined) {
    if (!host.proc) return [unknown("/proc is not mounted: the kernel's entries cannot be read")];
    if (host.container) {
      const seen = "it is not mounted in this container; the host's entries may still apply";
      return [unknown(seen, "On the host: binfmt-dispatcher doctor")];
    }
    const load = host.directory ? [] : ["modprobe binfmt_misc"];
    return [bad(`binfmt_misc is not mounted on ${BINFMT_MISC}`, ...load, MOUNT)];
  }
  const isSwitchedOn = told.enabled
    ? good("it is mounted and enabled")
    : bad("it is disabled: no entry takes any program", switchOn("status"));
  if (told.register !== EROFS) return [isSwitchedOn];
  const remount = `mount -o remount,rw ${BINFMT_MISC}`;
  return [isSwitchedOn, warning("it is mounted read-only: nothing can be registered", remount)];
});

export const bpf = check(["handler"], ({ handler }): Finding[] => {
  const told = entriesSeen(handler);
  if (told === undefined) return [unseen(handler)];
  if (told.bpf.length === 0) return [good("there are none")];
  return told.bpf.map(({ name, enabled, program }) => {
    const seen = `${name} belongs to the BPF program ${program}`;
    if (!enabled) return good(`${seen}, but is disabled`);
    return warning(`${seen}, which alone decides which programs it takes`);
  });
});

export const wsl = check(["host"], ({ host: { wsl, protectBinfmt } }) => {
  if (!wsl) return [good("this is not WSL")];
  if (!protectBinfmt) return [good("this is WSL, and /etc/wsl.conf sets protectBinfmt=false")];
  return [warning(
    "this is WSL, which keeps systemd-binfmt from reading binfmt.d (protectBinfmt)",
    "printf '[boot]\\nprotectBinfmt=false\\n' >>/etc/wsl.conf",
  )];
});

export const pages = check(["host", "handler", "config"], ({ host, handler: { told }, config }) => {
  const size = told?.page_size ?? host.page_size;
  const { page_size, path } = config.config.muvm;
  if (size === page_size) return [good(`${size} bytes, which suits all interpreters`)];
  const through = [...config.config.interpreters.values()].filter(({ use_muvm }) => use_muvm);
  if (through.length === 0) {
    return [good(`${size} bytes; no interpreter is configured to need another size`)];
  }
  const names = through.map(({ name }) => name).join(", ");
  return [good(`${size} bytes; ${names} needs ${page_size}, which ${path} provides`)];
});
