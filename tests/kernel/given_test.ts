/** A program that the handler starts sees the same as one that the kernel starts. */
import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { NEEDS_KERNEL } from "../real/foreign.ts";
import { compareSideBySide, INTERPRETERS, type Scenario, WITNESS } from "./side_by_side.ts";

const ARGUMENTS: readonly Scenario[] = [
  { name: "arguments", script: `exec $P one 'two words' '' '*' $'\\t\\n'` },
  { name: "no arguments", script: "exec $P" },
  { name: "a login shell's argv[0]", script: "exec -a -bash $P -l" },
  { name: "an empty argv[0]", script: "exec -a '' $P a b" },
  { name: "an argv of NULL", script: "exec $L n $P zero a" },
  { name: "an argv without strings", script: "exec $L z $P zero a" },
  {
    name: "bytes that are not UTF-8, everywhere",
    script: String.raw`
      mkdir $'\377\xc3(' $'\xed\xa0\x80'; cp $P $'\377\xc3(/\xfe'; cd $'\xed\xa0\x80'
      export V=$'\xff\xfe'
      exec $L '' $'../\377\xc3(/\xfe' $'\xfd\xc0\x80' $'\xfc' $'a\xe2\x28'`,
  },
  { name: "100,000 arguments", script: "exec $P {1..100000}" },
  { name: "one argument of 131,071 bytes", script: `exec $P "$(printf %0131071d 0)"` },
];

const ENVIRONMENT: readonly Scenario[] = [
  {
    name: "1.5 MB of environment",
    script: `
      value=$(printf %0125000d 7)
      for n in {1..12}; do export "LARGE_$n=$value"; done
      exec $P`,
  },
  {
    name: "names that are not identifiers",
    script: String.raw`exec $L '' $P zero one --env =x no-equals 'a.b=1' '' 'A=1' 'A=2' '1=' \
      'with space=1' 'PATH' $'\xff=\xfe' 'BASH_FUNC_f%%=() { :; }'`,
  },
  { name: "no environment", script: "exec $L '' $P zero one --env" },
  {
    name: "variables for the foreign loader",
    script: `
      export LD_PRELOAD=/usr/lib/nothing.so LD_LIBRARY_PATH=/none LD_AUDIT=/none.so LD_DEBUG=all
      export MALLOC_PERTURB_=1 GCONV_PATH=/none DENO_DIR=/none NO_COLOR=1
      exec $P`,
  },
];

const PATHS: readonly Scenario[] = [
  { name: "a path relative to the directory", script: `cp $P here; exec $L '' ./here zero` },
  {
    name: "a path with .. in it",
    script: `mkdir -p a/b; cp $P a/here; cd a/b; exec $L '' .././../a/here zero`,
  },
  { name: "a name found through PATH", script: `cp $P name; PATH=$D:$PATH; exec name` },
  { name: "a name found in an empty PATH element", script: `cp $P name; PATH=; exec name` },
  { name: "a symbolic link", script: `ln -s $P link; ln -s link two; exec $L '' ./two zero` },
  { name: "a name that looks like an option", script: `cp $P ./-L; exec $L '' -L -L -L` },
  { name: "a name that is only blanks", script: `cp $P '  '; exec $L '' '  ' ' ' ' '` },
  {
    name: "a path of 3,700 bytes",
    script: `
      deep=$D
      while [ \${#deep} -lt 3490 ]; do deep=$deep/$(printf %0199d 0); done
      deep=$deep/$(printf %0*d $((3700 - \${#deep} - 3)) 0)
      mkdir -p $deep; cp $P $deep/p; long=$deep/p
      [ \${#long} -eq 3700 ]
      exec $long a`,
  },
  {
    name: "a directory whose path exceeds PATH_MAX",
    script: `
      for n in {1..20}; do
        name=$(printf %0250d $n); mkdir $name; cd -P ./$name 2>/dev/null
      done
      cp $P p; exec $L '' ./p zero a`,
  },
  {
    name: "a script whose first line names a foreign program",
    script:
      `printf '#!%s an argument\\n' $P > script; chmod +x script; exec $L '' ./script zero a b`,
  },
  {
    name: "a script that another script's first line names",
    script: `
      printf '#!%s\\n' $P > one; printf '#!%s/one with\\n' $D > two; chmod +x one two
      exec $L '' ./two zero a`,
  },
  { name: "an execveat() of its descriptor", script: `exec $L d $P zero a` },
  { name: "a memfd", script: `exec $L m $P zero a` },
  { name: "a program that is deleted", script: `cp $P p; exec $L x $D/p zero a` },
  { name: "a descriptor's path", script: `exec 5<$P; exec /proc/self/fd/5 a` },
  { name: "a directory that is removed", script: `mkdir d; cd d; rmdir ../d; exec $P a` },
];

const CLOSED = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

const DESCRIPTORS: readonly Scenario[] = [
  ...CLOSED.map((closed): Scenario => ({
    name: `descriptors closed: ${closed.join(", ")}`,
    script: `exec $P ${closed.map((n) => `${n}>&-`).join(" ")}`,
  })),
  {
    name: "descriptors 3 to 9 in use",
    script: `for n in {3..9}; do eval "exec $n</dev/null"; done; exec $P`,
  },
  {
    name: "descriptors in use with gaps, and standard input closed",
    script: `exec 4</dev/null 6>>/dev/null 20<$P; exec $P <&-`,
  },
  {
    name: "16 descriptors allowed",
    warm: true,
    script: `ulimit -n 16; exec $P`,
  },
  {
    name: "18 descriptors allowed, and most in use",
    warm: true,
    script: `for n in {3..12}; do eval "exec $n</dev/null"; done; ulimit -n 18; exec $P`,
  },
];

const PROCESS: readonly Scenario[] = [
  { name: "SIGCHLD ignored", script: "exec $L i $P zero" },
  { name: "signals ignored", script: "trap '' HUP INT QUIT TERM TSTP PIPE USR2 34 64; exec $P" },
  { name: "all signals blocked", script: "exec $L b $P zero" },
  { name: "a signal pending, which kills it once it is let through", script: "exec $L bs $P" },
  { name: "a child that has ended", script: "exec $L c $P zero" },
  { name: "a child that has ended, SIGCHLD blocked", script: "exec $L bc $P zero" },
  { name: "a child that lives", script: "exec $L l $P zero" },
  { name: "a child that lives, SIGCHLD blocked", script: "exec $L bl $P zero" },
  { name: "children while SIGCHLD is ignored", script: "exec $L icl $P zero" },
  { name: "umask 077", script: "umask 077; exec $P" },
  { name: "umask 0", script: "umask 0; exec $P" },
  { name: "limits", script: "ulimit -c 0; ulimit -t 1000; ulimit -Sf 100000; exec $P" },
  { name: "nice", script: "exec nice -n 7 $P" },
  { name: "a session of its own", script: "exec setsid $P" },
  { name: "no new privileges", script: "exec setpriv --no-new-privs $P" },
];

const SCENARIOS = [...ARGUMENTS, ...ENVIRONMENT, ...PATHS, ...DESCRIPTORS, ...PROCESS];

for (const interpreter of INTERPRETERS) {
  test({
    name: `${interpreter.name} sees the same, whether the handler or the kernel starts it`,
    needs: NEEDS_KERNEL,
    fn: async (t) => {
      const found = await compareSideBySide(t, interpreter, SCENARIOS);
      if (interpreter.direct !== WITNESS) return;
      // transparency_test.ts tests the other rows: what the witness does not see, and failures.
      assertEquals([...found].toSorted(), ["AT_EXECFD", "AT_FLAGS", "comm", "standard input"]);
    },
  });
}
