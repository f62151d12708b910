/** The environment of package managers, which has nothing from the caller. */

const FIXED = {
  // Packages' scripts call programs of /sbin, such as ldconfig.
  PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
  // For messages that trouble() knows, and package names in UTF-8.
  LC_ALL: "C.UTF-8",
  // No colours and no cursor movements.
  TERM: "dumb",
  // Packages' questions take their defaults: https://manpages.debian.org/debconf.7
  DEBIAN_FRONTEND: "noninteractive",
  // Ubuntu's needrestart only lists services, instead of restarting them or asking.
  NEEDRESTART_MODE: "l",
  // apt-listchanges opens no pager.
  APT_LISTCHANGES_FRONTEND: "none",
  // ucf keeps the administrator's configuration files.
  UCF_FORCE_CONFFOLD: "1",
} as const;

export type ManagerEnvironment = Readonly<Record<string, string>>;

/**
 * The whole environment of a package manager. Queries by a user need the user's HOME, where dnf 5
 * stores its cache.
 */
export function managerEnvironment(home = "/root"): ManagerEnvironment {
  return { ...FIXED, HOME: home };
}
