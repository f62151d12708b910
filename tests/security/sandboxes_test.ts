// Shows docs/security.md#a-container-or-sandbox
/** In a sandbox a foreign program runs, or a message says what is missing and what to do. */
import { PROGRAM as COMPILED } from "../../tasks/compile.ts";
import type { Ability } from "../abilities.ts";
import { lineFor } from "../kernel/side_by_side.ts";
import { busybox, FOREIGN } from "../real/foreign.ts";
import { testAmongPeople } from "./people.ts";

const CARRYING = "/usr/share/kernel/carrying";
const BUSYBOX = "/usr/share/kernel/busybox";

/** A handler with the real qemu-user in it, as in a package for containers. */
function carrying(): Uint8Array {
  const args = ["handler", "--fallback", `/usr/bin/qemu-${FOREIGN}-static`];
  const { success, stdout, stderr } = new Deno.Command(COMPILED, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return stdout;
}

/** `only` enables one of the two handlers; `runs` starts busybox in a sandbox. */
const HELPERS = `
BB=${BUSYBOX} ENTRIES=/proc/sys/fs/binfmt_misc
rm $V/10-names.toml; settle
only() { for e in handler carrying; do echo 0 > $ENTRIES/$e; done; echo 1 > $ENTRIES/$1; }
mkdir /run/jail; cp $BB /run/jail/busybox
jail() { chroot /run/jail /busybox "$@"; }
empty() { bwrap "$@" --ro-bind $BB /busybox -- /busybox sh -c 'echo "$0 $*"; exit 7' a 'b c'; }
usr_and_etc() {
  empty --ro-bind /usr /usr --ro-bind /etc /etc --symlink usr/bin /bin --symlink usr/lib /lib \\
    --symlink usr/lib64 /lib64 "$@"
}
runs() { # it prints its arguments and ends with status 7
  local said status=0
  said=$("$@" 2>&1) || status=$?
  [ "$said $status" = "a b c 7" ] || fail "$said, status $status: $*"
}
CAUSE="neither a route table nor /usr/bin/binfmt-dispatcher is here, as in a container"
REMEDY="  On the host: binfmt-dispatcher binfmt --direct --machine MACHINE, or\
 binfmt-dispatcher handler --fallback PATH"
`;

function sandbox(name: string, needs: readonly Ability[], script: string): void {
  testAmongPeople(name, HELPERS + script, {
    needs,
    resolver: "real",
    async prepare(world) {
      world.bind(await busybox(FOREIGN), BUSYBOX);
      world.file(CARRYING, carrying(), 0o755);
      world.register(lineFor("carrying", CARRYING, "POF"));
    },
  });
}

sandbox(
  "with neither table nor resolver, the interpreter in the handler runs programs",
  ["bubblewrap"],
  `
  only carrying
  is hello jail echo hello
  runs empty
  runs empty --unshare-user --unshare-pid --uid 1234 --gid 1234
  runs empty --unshare-all --proc /proc --dev /dev
  is hello alice unshare -Ur chroot /run/jail /busybox echo hello
  # Only for its own machine.
  only handler
  for sandbox in 'jail true' empty 'empty --unshare-user' 'empty --proc /proc'; do
    fails 125 "$CAUSE"$'\\n'"$REMEDY" $sandbox
  done`,
);

sandbox(
  "with only /usr and /etc the resolver fails; with /proc, too, it works",
  ["bubblewrap"],
  `
  only carrying
  runs usr_and_etc
  runs usr_and_etc --unshare-user --uid 1000 --gid 1000
  only handler
  fails 125 "its route table cannot be compiled: /usr/bin/binfmt-dispatcher failed" \\
    usr_and_etc
  # With /proc each start has its own table in memory.
  for handler in handler carrying; do
    only $handler
    runs usr_and_etc --proc /proc
    runs usr_and_etc --proc /proc --dev /dev --unshare-all --uid 1000 --gid 1000
    [ ! -e $TABLES/$T ] || fail "a table was stored"
  done`,
);

sandbox(
  "a system table inside a sandbox is used, even if root is unmapped",
  ["bubblewrap"],
  `
  for handler in handler carrying; do
    only $handler
    is '' $BB true
    settle; is '' $BB true; [ -e $TABLES/$T ] || fail "no table"
    before=$(tree $TABLES)
    # Without /proc there is no other table.
    table="--ro-bind $TABLES $TABLES"
    for who in '' '--unshare-user' '--unshare-user --uid 1000 --gid 1000'; do
      runs usr_and_etc $table $who
    done
    for who in '' '--uid 0'; do
      runs alice bwrap --unshare-user $who --ro-bind / / -- \\
        $BB sh -c 'echo "$0 $*"; exit 7' a 'b c'
    done
    [ "$(tree $TABLES)" = "$before" ] || fail "$(tree $TABLES)"
  done`,
);

sandbox(
  "with vm.memfd_noexec the interpreter in the handler runs, or a message says why not",
  [],
  `
  only carrying
  for value in 0 1 2; do
    within() {
      unshare -pf --mount-proc --kill-child sh -c '
        echo $0 > /proc/sys/vm/memfd_noexec; exec chroot /run/jail /busybox echo hello' $value
    }
    case $value in
      2) fails 126 "the embedded interpreter may not be executed from memory
  The sysctl vm.memfd_noexec forbids it in this container" within;;
      *) is hello within;;
    esac
    # This does not affect the table in memory.
    is hello unshare -pf --mount-proc --kill-child sh -c '
      echo $0 > /proc/sys/vm/memfd_noexec; mount -t tmpfs none /run; exec $1 echo hello' $value $BB
  done`,
);
