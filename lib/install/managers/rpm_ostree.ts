/** rpm-ostree: https://coreos.github.io/rpm-ostree/administrator-handbook/, rpm-ostree(1) */
import { dnfFileQueries, dnfQueries, parseDnfFileQuery, parseDnfQuery } from "./dnf.ts";
import type { Manager } from "./manager.ts";
import { packageArguments } from "./package_name.ts";

/** Part of Fedora's images since 41, with the same repositories as rpm-ostree. */
const DNF5 = "/usr/bin/dnf5";

export const RPM_OSTREE: Manager = {
  name: "rpm-ostree",
  programs: ["/usr/bin/rpm-ostree"],
  keys: ["rpm-ostree", "dnf"],
  queries: (_program, packages) => dnfQueries(DNF5, packages),
  answers: [0],
  parseQuery: parseDnfQuery,
  fileQueries: (_program, path) => dnfFileQueries(DNF5, path),
  parseFileQuery: parseDnfFileQuery,
  // It asks only whether to record packages that the image already has.
  install: (program, packages) => ({
    path: program,
    args: ["install", "--idempotent", "--allow-inactive", ...packageArguments(packages)],
  }),
  successes: [0],
  refresh: "rpm-ostree refresh-md --force",
  restart: true,
};
