// Shows docs/security.md#a-hostile-configuration
/** A start prints nothing unless asked to, and an endless loop ends with a message. */
import { FOREIGN } from "../real/foreign.ts";
import { testAmongPeople } from "./people.ts";

testAmongPeople(
  "BINFMT_DISPATCHER_LOG_LEVEL=debug prints the decision to stderr; nothing else does",
  `
  default anna > $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER
  settle
  for turn in cold warm; do
    for level in '' info warn error trace DEBUG debugging 1; do
      is base env BINFMT_DISPATCHER_LOG_LEVEL=$level $P
      is anna alice BINFMT_DISPATCHER_LOG_LEVEL=$level $P
    done
    settle
  done
  told() { # the program's output; the prefix of the start; pieces of stderr
    local said wanted=$1 who=$2 piece; shift 2
    said=$($who BINFMT_DISPATCHER_LOG_LEVEL=debug $P 2>/run/err) || fail "status $?"
    [ "$said" = "$wanted" ] || fail "$said"
    for piece in "$@"; do grep -qF -- "$piece" /run/err || fail "no $piece: $(cat /run/err)"; done
  }
  told base env "$P is an ${FOREIGN} program." "/run/bin/base" "$V/10-names.toml"
  told anna alice "/run/bin/anna" "$ALICE/$LAYER" taken
  told bert "alice BINFMT_DISPATCHER_INTERPRETER=bert" "/run/bin/bert"
  # By a name that is also in PATH: dash starts it so if a part of PATH is empty.
  mkdir /run/there; cp $P /run/there/ls
  named() { (cd /run/there; env "$1" PATH=: /usr/bin/dash -c 'exec $0' $2); }
  P=ls told base named "ls is an ${FOREIGN} program." "/run/there/ls"
  # Its exit status and its input are unchanged.
  printf 'one line\\n' > /run/in
  [ "$(BINFMT_DISPATCHER_LOG_LEVEL=debug bash -c '$0 2>/dev/null; cat' $P < /run/in)" = \\
    $'base\\none line' ] || fail "it read its input"`,
);

testAmongPeople(
  "an interpreter that is itself foreign ends with 126, not with an endless loop",
  `
  use() { printf '[interpreters.x]\\npath = "%s"\\nmachines = ["${FOREIGN}"]\\n' $1; default x; }
  refused() { fails 126 "its interpreter $1 is not a program of this machine" $P; }
  ln -s $P /run/link
  printf 'just text\\n' > /run/text; chmod 755 /run/text
  cp /run/bin/base /run/other
  printf '\\363\\000' | dd of=/run/other bs=1 seek=18 conv=notrunc status=none # EM_RISCV
  for interpreter in $P /run/link /run/text /run/other; do
    use $interpreter > $V/50-test.toml; settle
    expect_starts 1 refused $interpreter
    expect_starts 0 refused $interpreter
  done
  # Scripts that start it.
  script() { printf "$2\\n" > $1; chmod 755 $1; }
  script /run/one "#!$P"
  script /run/two "#! \\t/run/one -x y"
  ln -s two /run/linked; script /run/three "#!/run/linked"
  for interpreter in /run/one /run/two /run/three; do
    use $interpreter > $V/50-test.toml; settle
    expect_starts 1 refused $interpreter
    expect_starts 0 refused $interpreter
    fails 126 "its interpreter $interpreter is not a program of this machine" \\
      binfmt-dispatcher explain $P
  done
  # What the kernel would not start is not a loop.
  script /run/absent "#!/nowhere"; script /run/empty "#!"
  for interpreter in absent empty; do
    use /run/$interpreter > $V/50-test.toml; settle
    fails 126 "Cannot run “$P”" timeout 60 $P
  done
  # A native interpreter, or a script of one, is not affected.
  use /run/bin/base > $V/50-test.toml; is base $P
  use /run/bin/anna > $V/50-test.toml; is anna $P
  script /run/nested "#!/run/bin/anna"
  use /run/nested > $V/50-test.toml; is anna $P`,
);
