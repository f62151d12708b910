/**
 * A killed resolver, a full disk, and limits: the right program starts, or a message says why not;
 * nothing is left, and the next start is right.
 */
import { testAmongPeople } from "../security/people.ts";

const HELPERS = `
stale() { touch $V/10-names.toml; settle; }
none() { rm -rf $TABLES/* $ALICE/.cache $BOB/.cache; }
left() { # only tables
  local found
  found=$(find $TABLES {$ALICE,$BOB}/.cache -type f ! -name "$T*" ! -name fill 2>/dev/null) || true
  [ -z "$found" ] || fail "left: $found"
}
tried=0 right=0
tries() { # base, possibly by the last table, or a message
  local said status=0
  said=$("$@" 2>&1) || status=$?
  tried=$((tried + 1))
  case "$status $said" in
    "0 base") right=$((right + 1));;
    "0 binfmt-dispatcher: Cannot compile a new route table: "*" using the last one"$'\\n'base) ;;
    12[567]" binfmt-dispatcher: Cannot run "*) ;;
    *) fail "status $status: $said: $*";;
  esac
  left
}
settle; is base $P
`;

function shortage(name: string, resolver: "real" | "counted", script: string): void {
  testAmongPeople(name, HELPERS + script, { resolver, seconds: 300 });
}

shortage(
  "a resolver killed at any moment leaves the last table or a message, and no file",
  "counted",
  `
  RANDOM=7
  for turn in {1..20}; do
    # The real one ends after some 30 ms.
    printf '(sleep 0.%03d; kill -9 $$) 2>/dev/null &\\n' $((RANDOM % 60)) > /run/before
    stale; tries $P
    none; tries $P
    none; tries alice $P
    rm /run/before; settle; is base $P; is base alice $P
  done`,
);

shortage(
  "without free space or inodes a start is right, or says why not, and leaves nothing",
  "real",
  `
  full() { # options of a file system
    mount -t tmpfs -o mode=755,$1 none $TABLES
    ! cat /dev/zero > $TABLES/fill 2>/dev/null || fail "it is not full"
    tries $P; tries $P
    umount $TABLES
  }
  for size in 4k 8k 12k 16k 32k; do full size=$size; done
  mount -t tmpfs -o mode=755,nr_inodes=1 none $TABLES
  before=$right; tries $P; [ $right -gt $before ] || fail "no table in memory was used"
  umount $TABLES
  # A directory with room for only a part of the table.
  for size in 4k 8k; do
    mount -t tmpfs -o mode=755,size=$size none $TABLES; tries $P; umount $TABLES
  done
  mkdir -p $ALICE/.cache; chown 1000:1000 $ALICE/.cache
  mount -t tmpfs -o mode=700,uid=1000,gid=1000,size=4k none $ALICE/.cache
  default base > $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER; settle
  tries alice $P; tries alice $P
  umount $ALICE/.cache
  is base alice $P; is base $P; left`,
);

shortage(
  "under any limit under which the interpreter can start, a start is right or says why not",
  "real",
  `
  limited() ( ulimit $1 2>/dev/null || exit 0; shift; exec "$@" )
  under() { # a limit; with a table, with a stale one, and without one
    [ "$(limited "$1" /run/bin/base 2>/dev/null)" = base ] || return 0
    is base $P
    local before=$right
    tries limited "$1" $P
    [ $right -gt $before ] || fail "not right with a table: $1"
    stale; tries limited "$1" $P
    none; tries limited "$1" $P
    settle; is base $P; left
  }
  # Flag O wants one descriptor; without it the kernel ends the start: begin_new_exec(), fs/exec.c.
  # The table needs a second one.
  tries limited "-n 4" $P
  for n in {5..12} 16 24; do under "-n $n"; done
  # 25 MB are the handler's buffers, most of which it never touches; no emulator needs less.
  for kilobytes in 32000 64000 512000 4000000; do under "-v $kilobytes"; under "-d $kilobytes"; done
  for kilobytes in 64 256; do under "-s $kilobytes"; done
  for blocks in 0 1 8; do under "-f $blocks"; done
  under "-l 0"; under "-t 5"; under "-i 0"; under "-q 0"
  [ $tried -ge 60 ] || fail "only $tried were tried"
  for n in 0 1 2 3; do
    is base $P; tries alice bash -c 'ulimit -u '$n'; exec $0' $P
    none; tries alice bash -c 'ulimit -u '$n'; exec $0' $P
    settle; is base $P
  done`,
);
