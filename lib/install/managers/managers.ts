/** All supported package managers. */
import { APT } from "./apt.ts";
import { DNF } from "./dnf.ts";
import type { Manager, ManagerName } from "./manager.ts";
import { PACMAN } from "./pacman.ts";
import { RPM_OSTREE } from "./rpm_ostree.ts";
import { ZYPPER } from "./zypper.ts";

export const MANAGERS: Readonly<Record<ManagerName, Manager>> = {
  "apt": APT,
  "dnf": DNF,
  "pacman": PACMAN,
  "zypper": ZYPPER,
  "rpm-ostree": RPM_OSTREE,
};
