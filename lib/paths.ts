/** The paths of an installation. Each absolute path is defined here, once. */

/** The native handler, which is registered in binfmt_misc. */
export const HANDLER = "/usr/libexec/binfmt-dispatcher/handler";

/** The only script that writes to binfmt_misc and LINKS: packaging/registrar. */
export const REGISTRAR = "/usr/libexec/binfmt-dispatcher/registrar";

/** Directory of the binfmt.d lines that packages ship: NAME.conf for each machine and format. */
export const LINES = "/usr/share/binfmt-dispatcher/binfmt.d";

/** Directory of links to the lines that are registered at boot. */
export const LINKS = "/etc/binfmt.d";

/** This program, compiled; the handler starts it as the resolver. */
export const RESOLVER = "/usr/bin/binfmt-dispatcher";

/** Directory of the system table: owned by root, 0755, empty at boot. */
export const SYSTEM_TABLES = "/run/binfmt-dispatcher";

/** Prefix of table names. The format version follows, and a hash for a user's layer. */
export const TABLE_PREFIX = "routes-";

/** The name of a table while it is written. */
export const NEW_TABLE = "new";

/** The polkit action for installing packages. */
export const POLKIT_ACTION = "/usr/share/polkit-1/actions/org.binfmt-dispatcher.policy";

/** The desktop entry, for file managers. */
export const DESKTOP_ENTRY = "/usr/share/applications/binfmt-dispatcher.desktop";

/** Directory of the layers that packages ship. */
export const VENDOR_LAYERS = "/usr/lib/binfmt-dispatcher.d";

/** Directory of the administrator's layers; a file here masks its namesake in VENDOR_LAYERS. */
export const ADMIN_LAYERS = "/etc/binfmt-dispatcher.d";

/** The administrator's main layer. */
export const ADMIN_LAYER = "/etc/binfmt-dispatcher.toml";

/** Root's home, whatever HOME and XDG_* are: su -m and sudo's env_keep keep the user's. */
export const ROOTS_HOME = "/root";

/** A user's layer, below $XDG_CONFIG_HOME or ~/.config. */
export const USER_LAYER = "binfmt-dispatcher/binfmt-dispatcher.toml";
