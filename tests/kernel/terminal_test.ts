/** A terminal's keys affect a foreign program like any other, even while its table is made. */
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { BUSYBOX, busybox, NEEDS_KERNEL } from "../real/foreign.ts";
import { changingWorld, check } from "./changing_world.ts";

/** An interactive bash in a terminal, keys for it, and what it shows. */
const TERMINAL = `
default qemu > ${ADMIN_LAYER}
settle
$P && fail "a witness ends with its number of arguments"
: > /run/shown
mkfifo /run/keys
exec 8<>/run/keys
# What a script starts with & ignores SIGINT and SIGQUIT.
TERM=dumb env --default-signal=INT,QUIT \\
  script -qfec 'exec bash --norc --noprofile -i' /run/shown <&8 >/dev/null 2>&1 &
terminal=$!
trap 'kill -KILL $terminal 2>/dev/null || true' EXIT
type() { printf "$1" >&8; }
within() { # seconds for a command to succeed
  local turn
  for turn in $(seq $(($1 * 50))); do
    ! eval "$2" || return 0
    sleep 0.02
  done
  fail "$2: $(cat -v /run/shown)"
}
shows() { within 15 "grep -aq '$1' /run/shown"; }
typed=0
status() { # that the shell prints of the last command; the typed line does not match
  typed=$((typed + 1))
  type "echo \\"status \\$? of $typed:\\"\\n"
  shows "^status $1 of $typed:"
}
pid_of() { # of the process whose program's path contains $1 and that has the argument $2
  local each words
  for each in /proc/[0-9]*; do
    { mapfile -d '' -t words < $each/cmdline; } 2>/dev/null || continue
    [[ \${words[0]-} = *$1* && " \${words[*]} " = *" $2 "* ]] && { echo \${each#/proc/}; return; }
  done
  false
}
state() { sed 's/.*) //; s/ .*//' /proc/$1/stat; }
in_front() { # it runs and is in the terminal's foreground; see proc(5)
  local of
  read -ra of < <(sed 's/.*) //' /proc/$1/stat)
  [ "\${of[0]}" != T ] && [ "\${of[2]}" = "\${of[5]}" ]
}
begin() { # a foreign program; $1: an argument that no other process has; $2: its command line
  type "busybox-foreign $2\\n"
  within 15 "pid_of qemu- $1 >/dev/null"
  pid=$(pid_of qemu- $1)
}
sleeper() {
  local seconds=1000.$RANDOM$RANDOM
  begin $seconds "sleep $seconds"
  within 15 'in_front $pid'
}
end() { type 'exit\\n'; within 15 '! kill -0 $terminal 2>/dev/null'; }
`;

function keys(name: string, script: string): void {
  test({
    name,
    needs: NEEDS_KERNEL,
    fn: async () => {
      using world = changingWorld();
      world.bind(await busybox(Deno.build.arch === "x86_64" ? "aarch64" : "x86_64"), BUSYBOX);
      await check(world, `${TERMINAL}${script}\nend`);
    },
  });
}

keys(
  "Ctrl-C, Ctrl-\\, Ctrl-Z, bg and fg work as with any program",
  `
  sleeper; type '\\003'; status 130
  sleeper; type '\\034'; status 131
  sleeper; type '\\032'; status 148
  [ $(state $pid) = T ] || fail "not stopped: $(state $pid)"
  type 'bg\\n'; within 15 '[ $(state $pid) = S ]'
  type 'fg\\n'; within 15 'in_front $pid'; type '\\032'; status 148
  type 'fg\\n'; within 15 'in_front $pid'
  type '\\003'; status 130
  sleeper; kill -KILL $pid; status 137`,
);

keys(
  "a program reads the terminal in the foreground, and is stopped in the background",
  `
  # busybox's sed reads a line ahead.
  word=$RANDOM$RANDOM
  begin s/$word/x/ "sed s/$word/x/"
  within 15 'in_front $pid'
  type "a $word\\nb\\n"; shows '^a x'
  type '\\004'; status 0
  begin s/$word/y/ "sed -e s/$word/y/ -e q &"
  within 15 '[ $(state $pid) = T ]'
  type 'fg\\n'; within 15 'in_front $pid'
  type "a $word\\nb\\n"; shows '^a y'
  status 0`,
);

/** The resolver sleeps before it starts. */
const SLOW = `
slow() { # seconds of its sleep; the command line
  rm -f /run/binfmt-dispatcher/*
  word=$1.$RANDOM$RANDOM
  echo "sleep $word" > /run/before
  type "\${2:-busybox-foreign expr 40 + 2}\\n"
  within 15 "pid_of sleep $word >/dev/null"
  pid=$(pid_of sleep $word)
}
`;

keys(
  "Ctrl-C while the resolver runs ends it and the start",
  `${SLOW}
  slow 1000; type '\\003'; status 130
  within 15 '! [ -e /proc/$pid ]'
  rm /run/before
  type 'busybox-foreign expr 40 + 2\\n'; shows '^42'; status 0`,
);

keys(
  "Ctrl-C that the caller ignores does not end the resolver",
  `${SLOW}
  slow 2 "(trap '' INT; exec busybox-foreign expr 40 + 2)"
  type '\\003'; shows '42'; status 0`,
);

keys(
  "Ctrl-Z while the resolver runs stops both, and fg continues them",
  `${SLOW}
  slow 2; type '\\032'; status 148
  [ $(state $pid) = T ] || fail "not stopped: $(state $pid)"
  type 'fg\\n'; shows '^42'; status 0`,
);

keys(
  "a command substitution ends with the program, even if its start made the table",
  `
  rm -f /run/binfmt-dispatcher/*
  type 'x=$(busybox-foreign expr 40 + 2); echo "x is $x."\\n'; shows 'x is 42\\.'
  status 0`,
);
