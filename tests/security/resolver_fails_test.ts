// Shows docs/security.md#a-hostile-environment
// Shows docs/security.md#denial-of-service
/**
 * If the resolver cannot run, the last good table is used, or else the start fails with a message.
 */
import { EVIL, HOST, testAmongPeople } from "./people.ts";
import { NUMBERS, refuser } from "./refuser.ts";

const EPERM = 1;
const ENOSYS = 38;

const REFUSALS = Object.keys(NUMBERS[HOST]).flatMap((what) =>
  [{ errno: EPERM, how: "eperm" }, { errno: ENOSYS, how: "enosys" }].map(({ errno, how }) => ({
    name: `${what}-${how}`,
    image: refuser(HOST, NUMBERS[HOST][what]!, errno),
  }))
);

/** `limited LIMIT COMMAND…`: a limit as ulimit takes it. */
const LIMITED = '#!/bin/bash\nulimit $1; shift\nexec "$@"\n';

const HELPERS = `
LAST="binfmt-dispatcher: Cannot compile a new route table: /usr/bin/binfmt-dispatcher failed,\
 using the last one"
stale() { touch $V/10-names.toml; settle; }
last() { # the last table is used, with one line on stderr and nothing else
  local said status=0
  stale
  said=$("$@" $P 2>/run/err) || status=$?
  [ "$status $said" = "0 base" ] || fail "$status $said: $(cat /run/err): $*"
  [ "$(cat /run/err)" = "$LAST" ] || fail "$(cat /run/err): $*"
}
words() { # without a table a message comes soon
  rm -rf $TABLES/* $ALICE/.cache
  fails 125 "its route table cannot be compiled: /usr/bin/binfmt-dispatcher failed" \
    timeout 60 "$@" $P
  [ -z "$(ls $TABLES)" ] || fail "$(ls $TABLES): $*"
  settle; is base $P
}
both() { last "$@"; words "$@"; }
settle; is base $P
`;

function failing(name: string, resolver: "real" | "counted", script: string): void {
  testAmongPeople(name, HELPERS + script, {
    resolver,
    prepare(world) {
      for (const { name, image } of REFUSALS) world.file(`/usr/bin/refuse-${name}`, image, 0o755);
      world.file("/usr/bin/limited", LIMITED, 0o755);
    },
  });
}

failing(
  "if limits stop the resolver, the last table is used, or a message says why not",
  "real",
  `
  for limit in '-v 100000' '-v 1000000' '-n 5' '-n 8' '-s 64'; do
    both limited "$limit"
  done
  both alice limited '-u 1'`,
);

failing(
  "with three free descriptors a start makes its table, with fewer it ends with 125",
  "real",
  `
  crowded() { # all descriptors up to this one are in use
    local n last=$1
    rm -rf $TABLES/*
    said=$(
      for ((n = 3; n <= last; n++)); do eval "exec $n</dev/null"; done
      ulimit -n 16; $P 2>/run/err || echo $?
    )
  }
  for last in 2 8 12; do
    crowded $last
    [ "$said $(cat /run/err)" = "base " ] || fail "$last: $said $(cat /run/err)"
  done
  for last in 13 14; do
    crowded $last
    [ "$said" = 125 ] || fail "$last: $said $(cat /run/err)"
  done`,
);

failing(
  "if seccomp stops the resolver, the last table is used, or a message says why not",
  "real",
  `
  for what in fork epoll; do both refuse-$what-eperm; both refuse-$what-enosys; done
  for how in eperm enosys; do
    fails 125 "its route table cannot be compiled" refuse-mmap-$how $P
  done`,
);

failing(
  "seccomp rules against calls that have a substitute have no effect",
  "counted",
  `
  # A source on a device with a minor number.
  mkdir $A; mount -t tmpfs none $A; default base > $A/50-test.toml
  settle; is base $P
  for refusal in statx-eperm statx-enosys clone3-eperm clone3-enosys; do
    # The table is valid whichever system call reads its sources' state.
    expect_starts 0 is base refuse-$refusal $P
    stale
    expect_starts 1 is base refuse-$refusal $P
    settle
    expect_starts 0 is base $P
  done
  # The kernel can open it for the handler; the caller cannot.
  cp $P /run/own/secret
  for refusal in faccessat2-eperm faccessat2-enosys; do
    chmod 755 /run/own/secret; is base alice refuse-$refusal /run/own/secret
    chmod 711 /run/own/secret
    fails 126 "executable but not readable" alice refuse-$refusal /run/own/secret
  done`,
);

failing(
  "without /proc the last table is used, or a message says why not",
  "real",
  `
  without_proc="unshare -m sh -c 'mount -t tmpfs none /proc; exec \\"\\$@\\"' sh"
  eval "both $without_proc"
  eval "is base $without_proc $P"`,
);

failing(
  "if the resolver is killed or gives no whole table, the last one is used, or a message says why",
  "counted",
  `
  for spoil in 'kill -9 $$' 'kill -SEGV $$' 'head -c 1000 ${EVIL}; kill -9 $$' 'echo hello; exit' \
    'head -c 1000 ${EVIL}; exit' 'cat ${EVIL} ${EVIL}; exit' 'exit 0' 'exec /nowhere'; do
    echo "$spoil" > /run/before
    last
    rm $TABLES/*
    fails 125 "its route table cannot be compiled" timeout 60 $P
    rm /run/before; settle; is base $P
  done`,
);

failing(
  "a resolver that takes too long is killed, and the last table is used",
  "counted",
  `
  echo 'echo $$ > /run/sleeper; exec sleep 77' > /run/before
  last timeout 60
  ! kill -0 $(cat /run/sleeper) 2>/dev/null || fail "it was not killed"`,
);
