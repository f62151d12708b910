// Shows docs/security.md#a-local-user-with-a-setuid-program
// Shows docs/security.md#a-local-user-with-a-privileged-parent
/** A start with another user's privileges gives the caller nothing of that user's. */
import { HANDLER } from "../../lib/paths.ts";
import { lineFor } from "../kernel/side_by_side.ts";
import { FOREIGN } from "../real/foreign.ts";
import { EVIL, testAmongPeople } from "./people.ts";

/** An interpreter that prints its privileges (bash -p keeps them) and its environment. */
const TELLING =
  "#!/bin/bash -p\necho uid=$(id -u) ruid=$(id -ru) egid=$(id -g) rgid=$(id -rg)\nenv\n";

function privileged(name: string, script: string): void {
  testAmongPeople(name, script, {
    needs: ["setcap"],
    prepare(world) {
      world.file("/run/bin/tell", TELLING, 0o755);
      world.file(
        "/usr/lib/binfmt-dispatcher.d/20-tell.toml",
        `[interpreters.tell]\npath = "/run/bin/tell"\nmachines = ["${FOREIGN}"]\n`,
      );
      const c = lineFor("with-c", HANDLER, "POF").replace(/POF$/, "POCF");
      world.file("/usr/share/kernel/line-c", c);
    },
  });
}

/** Parents with root as effective user or group, and layers of alice's. */
const PARENTS = `
cp /usr/bin/env $OWN/root-env; chmod 4755 $OWN/root-env
cp /usr/bin/env $OWN/group-env; chmod 2755 $OWN/group-env
default anna > $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER
mkdir -p $ALICE/xdg/binfmt-dispatcher; cp $ALICE/$LAYER $ALICE/xdg/binfmt-dispatcher
chown -R 1000:1000 $ALICE/xdg
`;

privileged(
  "a start by a setuid or setgid parent uses only the system's table, and starts no resolver",
  `${PARENTS}
  settle
  asks() { alice XDG_CONFIG_HOME=$ALICE/xdg "$@"; }
  # Without privileges alice's layer and variables apply.
  is anna alice $P
  is bert alice BINFMT_DISPATCHER_INTERPRETER=bert $P
  is anna asks $P
  for parent in root-env group-env; do
    rm -f $TABLES/*
    # Alice has her own table, and one that she uses without a layer.
    mkdir -p $ALICE/$CACHE; cp ${EVIL} $ALICE/$CACHE/$T; chmod 700 $ALICE/$CACHE
    chown -R 1000:1000 $ALICE/.cache; chmod 600 $ALICE/$CACHE/$T
    refused() {
      fails 126 "it runs with another user's privileges, and there is no system route table" \\
        asks $OWN/$parent BINFMT_DISPATCHER_INTERPRETER=bert $P
    }
    expect_starts 0 refused
    [ -z "$(ls $TABLES)" ] || fail "a table was made"
    is base $P
    system_only() {
      is base asks $OWN/$parent $P
      is base asks $OWN/$parent BINFMT_DISPATCHER_INTERPRETER=bert $P
      is base asks $OWN/$parent BINFMT_DISPATCHER_LOG_LEVEL=debug $P
    }
    expect_starts 0 system_only
    # After a change the last system table is used, silently, until root starts something.
    default carl > $V/50-test.toml; settle
    expect_starts 0 system_only
    rm $V/50-test.toml; settle
  done`,
);

privileged(
  "a setuid or setgid parent passes on all variables but those that affect emulators",
  `${PARENTS}
  rm $ALICE/$LAYER; default tell > $V/50-test.toml; settle
  tells() { "$@" > /run/told 2>&1 || fail "$(cat /run/told)"; }
  told() { grep -qx -- "$1" /run/told || fail "not told: $1: $(cat /run/told)"; }
  names='QEMU_LD_PREFIX QEMU_ FEX_ROOTFS FEX_X BOX64_LD_PRELOAD BOX64_ BOX86_PATH MUVM_X'
  names="$names HOME XDG_CONFIG_HOME WINEPREFIX"
  others='QEMU FEXX BOX6_X box64_x XQEMU_ TZ EMPTY HOMES WINEPREFIX2'
  given=$(for name in $names $others; do echo $name=of-alice; done)
  tells $P
  tells alice $given $P
  for name in $names $others; do told $name=of-alice; done
  told 'uid=1000 ruid=1000 egid=1000 rgid=1000'
  for parent in root-env group-env; do
    tells alice $OWN/$parent $given $P
    case $parent in
      root-env) told 'uid=0 ruid=1000 egid=1000 rgid=1000';;
      group-env) told 'uid=1000 ruid=1000 egid=0 rgid=1000';;
    esac
    for name in $others; do told $name=of-alice; done
    ! grep -E -e '^(QEMU_|FEX_|BOX64_|BOX86_|MUVM_)' -e '^(XDG_|HOME=|WINEPREFIX=)' /run/told ||
      fail "passed $parent"
  done`,
);

privileged(
  "registered with flag C, a setuid, setgid or capability-bearing program ends with 126",
  `
  program() { cp $P $OWN/$1; chown $2 $OWN/$1; chmod $3 $OWN/$1; }
  program setuid 0:0 4755; program setgid 0:0 2755; program bobs 1001:1001 4755
  program capable 0:0 755; setcap cap_net_raw+ep $OWN/capable
  program plain 0:0 755
  default tell > $V/50-test.toml; settle
  tells() { "$@" > /run/told 2>&1 || fail "$(cat /run/told)"; }
  unprivileged() { # it has no more than alice's rights
    tells alice $OWN/$1
    grep -qx 'uid=1000 ruid=1000 egid=1000 rgid=1000' /run/told || fail "$(cat /run/told)"
  }
  tells $OWN/plain
  # As shipped, without C: the privileges are lost, the program runs.
  for name in plain setuid setgid bobs capable; do unprivileged $name; done
  cat /usr/share/kernel/line-c > /proc/sys/fs/binfmt_misc/register
  grep -q 'flags: POCF' /proc/sys/fs/binfmt_misc/with-c
  unprivileged plain
  settle
  refused() {
    for name in setuid setgid bobs capable; do
      fails 126 "it has privileges (setuid, setgid or capabilities)" alice $OWN/$name
    done
  }
  expect_starts 0 refused
  # Root has these privileges anyway.
  for name in setuid setgid capable; do tells $OWN/$name; done
  fails 126 "it has privileges" $OWN/bobs
  # The kernel gives no privileges under no_new_privs.
  tells alice setpriv --no-new-privs $OWN/setuid`,
);

privileged(
  "registered with flag C, the main program starts nothing with another user's privileges",
  `
  cp $P $OWN/setuid; chmod 4755 $OWN/setuid
  cp $P $OWN/plain; chmod 755 $OWN/plain
  default tell > $V/50-test.toml; settle
  sed s,${HANDLER},/usr/share/kernel/resolver, /usr/share/kernel/line-c > /run/line
  cat /run/line > /proc/sys/fs/binfmt_misc/register
  grep -q 'flags: POCF' /proc/sys/fs/binfmt_misc/with-c
  alice $OWN/plain > /run/told 2>&1 || fail "$(cat /run/told)"
  fails 126 "it runs with another user's privileges" alice $OWN/setuid`,
);
