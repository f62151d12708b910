/** Checks the other programs that take part: muvm, dialog programs and package managers. */
import { KVM } from "../handler/decide/muvm.ts";
import { bad, check, type Finding, good, REINSTALL, unknown, warning } from "./check.ts";
import { INCUMBENT_ACTION } from "./desktop_facts.ts";
import { errnoWords } from "../errno_words.ts";
import type { Facts } from "./facts.ts";

export const muvm = check(["host", "handler", "config", "muvm"], (facts) => {
  const { host, handler: { told }, config: { config }, muvm } = facts;
  const size = told?.page_size ?? host.page_size;
  if (muvm.interpreters.length === 0) return [good("no interpreter that needs it is installed")];
  if (size === config.muvm.page_size) return [good("it is not needed: the page size fits")];
  if (host.uid === 0) {
    return [unknown("muvm refuses root", "Run this check as the user who runs the programs")];
  }
  const missing = muvm.missing.map((paths) =>
    bad(`${paths} is missing`, "binfmt-dispatcher install")
  );
  const findings = [
    ...missing,
    ...kvmOf(muvm),
    ...(muvm.runtime ? [] : [bad("XDG_RUNTIME_DIR is not set", "Log in to a session")]),
    ...ageOf(muvm),
  ];
  const state = muvm.running ? "the virtual machine runs" : "the virtual machine does not run yet";
  return findings.length > 0 ? findings : [good(`everything is installed, and ${state}`)];
});

function kvmOf({ kvm, missing }: Facts["muvm"]): Finding[] {
  if (kvm === 0 || missing.includes(KVM)) return [];
  const seen = `this user cannot use ${KVM}: ${errnoWords(kvm)}`;
  return [bad(seen, "usermod -aG kvm USER, then log in again")];
}

/** Old versions of muvm lack options that are used here; its help shows which it has. */
function ageOf({ path, args, help }: Facts["muvm"]): Finding[] {
  if (!help.ok) return [];
  const words = help.value.split(/[\s,=]+/);
  const lacking = args.filter((arg) => /^-[a-z]$/.test(arg) && !words.includes(arg));
  if (lacking.length === 0) return [];
  return [bad(`${path} is too old: it does not support ${lacking.join(", ")}`, "Upgrade muvm")];
}

export const questions = check(["host", "desktop"], ({ host: { uid }, desktop }) => {
  const { display, dialog, terminal } = desktop;
  if (uid === 0) return [good("root is asked only on a terminal")];
  if (!display) return [good("there is no display: questions appear only on a terminal")];
  if (!dialog) {
    const seen = "neither zenity nor kdialog is installed: without a terminal, nobody can be asked";
    return [warning(seen, "Install zenity or kdialog")];
  }
  if (!terminal) {
    const seen = "xdg-terminal-exec is not installed: installations show no output";
    return [warning(seen, "Install xdg-terminal-exec")];
  }
  return [good("questions can appear in a window")];
});

export const packages = check(
  ["desktop"],
  ({ desktop: { manager } }) =>
    manager === undefined
      ? [warning("no supported package manager was found: nothing can be offered")]
      : [good(manager)],
);

export const polkit = check(["host", "desktop"], ({ host: { uid }, desktop }) => {
  const findings: Finding[] = [];
  if (desktop.incumbent) {
    const seen = `${INCUMBENT_ACTION} lets any logged-in user run dnf as root without a password`;
    findings.push(bad(seen, `rm ${INCUMBENT_ACTION}`));
  }
  if (!desktop.action) findings.push(warning("the polkit action is not installed", REINSTALL));
  if (!desktop.pkexec && uid !== 0) {
    const seen = "pkexec is missing or not set-user-ID root: only root can install";
    findings.push(warning(seen, "Install polkit's pkexec"));
  }
  return findings.length > 0 ? findings : [good("the polkit action is installed")];
});

export const fileManager = check(["desktop"], ({ desktop: { entry } }) => {
  if (entry) return [good("the desktop entry is installed")];
  const seen = "the desktop entry is not installed: file managers may not start foreign programs";
  return [warning(seen, REINSTALL)];
});
