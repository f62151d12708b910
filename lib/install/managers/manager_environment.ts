/** What a package manager sees of the environment: nothing of the caller's. */

/** Each with its reason. */
const FIXED = {
  // Packages' scripts call ldconfig, start-stop-daemon and others of /sbin.
  PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
  // Messages that trouble() knows, and names of packages in UTF-8.
  LC_ALL: "C.UTF-8",
  // No colours and no cursor movements.
  TERM: "dumb",
  // Packages' questions take their defaults: https://manpages.debian.org/debconf.7
  DEBIAN_FRONTEND: "noninteractive",
  // Ubuntu's needrestart would restart services or ask; it shall only list them.
  NEEDRESTART_MODE: "l",
  // apt-listchanges would show news in a pager.
  APT_LISTCHANGES_FRONTEND: "none",
  // Configuration files that ucf manages stay as the administrator has them.
  UCF_FORCE_CONFFOLD: "1",
} as const;

export type ManagerEnvironment = Readonly<Record<string, string>>;

/**
 * The whole environment of a package manager. HOME is root's for what root runs; a query by a user
 * needs the user's, since dnf 5 stores what it downloads below it.
 */
export function managerEnvironment(home = "/root"): ManagerEnvironment {
  return { ...FIXED, HOME: home };
}
