/** Each configuration has one table, made once; no change is ever missed. */
import { USER_LAYER } from "../../lib/paths.ts";
import { PLAIN } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { NEEDS_KERNEL, NEEDS_OWNERS } from "../real/foreign.ts";
import { changingWorld, check } from "./changing_world.ts";

function caching(name: string, script: string, needs = NEEDS_KERNEL): void {
  test({
    name,
    needs,
    fn: async () => {
      using world = changingWorld();
      await check(world, script);
    },
  });
}

/** Every kind of change to $1, a layer; the others say “base”. */
const CHANGES = `
change() {
  local layer=$1
  settle; expect base
  expect_starts 0 expect base
  default anna > $layer; expect anna            # added
  default bert > $layer; expect bert            # of the same size, at once
  touch -r $layer /run/stamp
  default carl > $layer; touch -r /run/stamp $layer; expect carl
  settle; expect carl
  expect_starts 0 expect carl
  default anna > $layer.new; touch -r $layer $layer.new; mv $layer.new $layer; expect anna
  settle; expect anna
  expect_starts 1 eval "touch $layer; expect anna"
  : > $layer; expect base                       # emptied
  ln -sfn /run/elsewhere $layer; expect base    # a link to nothing
  default bert > /run/elsewhere; expect bert
  default carl > /run/elsewhere; expect carl
  rm $layer /run/elsewhere; expect base         # removed
}
`;

caching(
  "every change of a system layer applies to the next start",
  `${CHANGES}
  change $V/50-test.toml
  mkdir $A; expect base
  change $A/50-test.toml
  change /etc/binfmt-dispatcher.toml
  rmdir $A; expect base`,
);

caching(
  "every change of a user's layer applies to the next start",
  `${CHANGES}
  P="${PLAIN.join(" ")} $P"
  export HOME=/run/home
  expect base
  mkdir -p $HOME/.config; expect base
  mkdir $HOME/.config/binfmt-dispatcher; expect base
  change $HOME/.config/${USER_LAYER}
  export XDG_CONFIG_HOME=/run/xdg
  mkdir -p $XDG_CONFIG_HOME/binfmt-dispatcher
  change $XDG_CONFIG_HOME/${USER_LAYER}
  # The system's layers still count below a user's.
  default anna > $XDG_CONFIG_HOME/${USER_LAYER}
  for name in bert carl; do
    printf '[binaries.x]\\npath = "%s"\\ninterpreter = "%s"\\n' \${P##* } $name > $V/60-rule.toml
    expect $name
  done
  mv $XDG_CONFIG_HOME /run/old; expect carl
  rm $V/60-rule.toml; expect base
  mv /run/old $XDG_CONFIG_HOME; expect anna`,
  [...NEEDS_KERNEL, ...NEEDS_OWNERS],
);

caching(
  "masking and unmasking a layer applies to the next start",
  `
  default anna > $V/50-test.toml; expect anna
  mkdir $A
  for mask in ": >" "ln -s /dev/null" "default bert >"; do
    eval "$mask $A/50-test.toml"
    case $mask in default*) expect bert;; *) expect base;; esac
    rm $A/50-test.toml; expect anna
  done
  default bert > $A/60-two.toml; expect bert
  default carl > $A/70-three.toml; expect carl
  mv $A/70-three.toml $A/55-three.toml; expect bert
  mv $A/60-two.toml $A/60-two; expect carl
  rm -r $A; expect anna`,
);

caching(
  "installing or removing an interpreter applies to the next start, with the same table",
  `
  printf '[defaults]\\ninterpreter = ["anna", "bert", "base"]\\n' > /etc/binfmt-dispatcher.toml
  settle; expect anna
  before=$(starts)
  for turn in 1 2 3; do
    mv /run/bin/anna /run/bin/away; expect bert
    mv /run/bin/bert /run/bin/gone; expect base
    mv /run/bin/away /run/bin/anna; expect anna
    mv /run/bin/gone /run/bin/bert; expect anna
    mv /run/bin /run/elsewhere
    status=0; $P 2>/dev/null || status=$?
    [ $status = 127 ] || fail "status $status"
    mv /run/elsewhere /run/bin; expect anna
  done
  [ $(starts) = $before ] || fail "another table was made"`,
);

caching(
  "alternating between two values of HOME makes no table twice",
  `
  for home in one two; do
    mkdir -p /run/$home/.config/binfmt-dispatcher
  done
  default anna > /run/one/.config/${USER_LAYER}
  default bert > /run/two/.config/${USER_LAYER}
  settle
  expect_starts 1 expect base
  P="${PLAIN.join(" ")} $P"
  turn() {
    HOME=/run/one expect anna
    HOME=/run/two expect bert
    HOME=/run/none expect base
    expect base
    HOME=/run/two XDG_CONFIG_HOME=/run/one/.config expect anna
  }
  # Each home has its own tables, so the last line makes one that the first does not see;
  expect_starts 3 turn
  for n in 1 2 3; do expect_starts 0 turn; done
  # but in a session there is one per layer.
  mkdir -p /run/user/1000
  export XDG_RUNTIME_DIR=/run/user/1000
  rm -r /run/{one,two}/.cache
  expect_starts 2 turn
  for n in 1 2 3; do expect_starts 0 turn; done`,
  [...NEEDS_KERNEL, ...NEEDS_OWNERS],
);

caching(
  "64 simultaneous first starts start one resolver",
  `
  settle
  many() { # a resolver that takes its time
    rm -f /run/results /run/binfmt-dispatcher/*
    echo 'sleep 0.3' > /run/before
    for n in {1..64}; do $P >> /run/results 2>&1 & done
    wait
    rm /run/before
    [ "$(sort /run/results | uniq -c | tr -s ' ')" = " 64 $1" ] || fail "$(sort /run/results)"
  }
  expect_starts 1 many base
  P="${PLAIN.join(" ")} $P"
  export HOME=/run/home
  mkdir -p $HOME/.config/binfmt-dispatcher
  default anna > $HOME/.config/${USER_LAYER}
  settle
  expect_starts 1 many anna`,
  [...NEEDS_KERNEL, ...NEEDS_OWNERS],
);
