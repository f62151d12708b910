import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { HANDLER } from "../../lib/paths.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

/** Prints its directory, arguments and input, and ends with status 7. */
const REPORT = `
printf '%s in %s, guest: %s:' "$EMULATOR" "$(pwd)" "$MUVM_GUEST"
printf ' [%s]' "$0" "$@"
printf '\\n'
cat
echo to stderr >&2
exit 7
`;

test({
  name: "the first program starts a machine, and gets its caller's arguments and input",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/report", REPORT);
    const { status, stdout, stderr } = await world.script(`
      cd /usr/share
      printf 'from the caller\\n' | report '' 'a b' -i -t -e -- 'ä"'"'" '\\n' \
        -h --help =x = '= =' '-h =-h'
    `);
    assertEquals(
      stdout,
      `FEX in /usr/share, guest: yes: [/usr/bin/report] [] [a b] [-i] [-t] [-e] [--] [ä"'] [\\n] ` +
        "[-h] [--help] [=x] [=] [= =] [-h =-h]\n" +
        "from the caller\n",
    );
    assertEquals(stderr, "to stderr\n");
    assertEquals(status, 7);
    const calls = world.calls();
    const machine = calls.find(({ role }) => role === "machine")!;
    assertEquals(machine.args, ["--", "/usr/bin/sleep", "60"]);
    const { args } = calls.at(-1)!;
    assertEquals(args[0], "-i");
    assertEquals(args.slice(args.indexOf("--")), [
      ...["--", HANDLER, "guest", "022", "ready", "/usr/share", "/usr/bin/FEX", "/usr/bin/report"],
      ...["", "a b", "%2Di", "%2Dt", "%2De", "%2D-", "ä\"'", "\\n"],
      ...["%2Dh", "%2D-help", "=x", "=", "= =", "%2Dh =-h"],
    ]);
  },
});

test({
  name: "the machine stays for the next program, holds no pipe of the first, and ends",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld(5);
    world.program("/usr/bin/report", REPORT);
    const script = `
      said=$(report one 2>&1 </dev/null)
      flock -n $XDG_RUNTIME_DIR/muvm.lock true || echo the machine is up
      before=$(wc -l < $XDG_RUNTIME_DIR/muvm.log)
      report two 2>&1 </dev/null
      echo $? $(($(wc -l < $XDG_RUNTIME_DIR/muvm.log) - before))
    `;
    const { status, stdout } = await world.script(script, { wait: true });
    assertEquals(status, 0);
    assertEquals(
      stdout,
      "the machine is up\n" +
        `FEX in ${world.directory}, guest: yes: [/usr/bin/report] [two]\nto stderr\n7 1\n`,
    );
    const machines = world.calls().filter(({ role }) => role === "machine");
    assertEquals(machines.length, 1);
  },
});

test({
  name: "a program keeps its machine running beyond the linger time",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld(0);
    world.program("/usr/bin/long", "sleep 2; echo done; exit 3");
    const { status, stdout } = await world.script("long", { wait: true });
    assertEquals([status, stdout], [3, "done\n"]);
  },
});

test({
  name: "exit statuses are the program's, and death by a signal is 128 plus its number",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout } = await world.script(`
      for how in 'exit 0' 'exit 1' 'exit 255' 'kill -KILL $$' 'kill -TERM $$' 'kill -SEGV $$'; do
        do-it "$how" 2>/dev/null
        echo $?
      done
      # Without the handler muvm loses the status: 0, or 1 if the input ended after the program.
      true | muvm -i -- /bin/sh -c 'kill -KILL $$' 2>/dev/null
      [ $? -le 1 ] && echo lost
    `);
    assertEquals(stdout.trim().split("\n"), ["0", "1", "255", "137", "143", "139", "lost"]);
  },
});

test({
  name: "relative paths, links and paths below /run become the guest's",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/share/here/report", REPORT);
    world.program("/run/media/report", REPORT);
    world.link("/usr/share/here/link", "report");
    world.link("/usr/share/here/away", "/run/media/report");
    const { stdout } = await world.script(`
      exec </dev/null 2>/dev/null
      cd /usr/share/here
      ./report; ./link; ../here/report; PATH=:$PATH; report
      cd /run/media
      ./report; /run/media/report; /usr/share/here/report
      cd /
      run/media/report
      cd /usr
      ../run/media/report
      /usr/share/here/away
    `);
    const seen = stdout.trim().split("\n").map((line) => line.replace(", guest: yes:", ""));
    const below = "/run/muvm-host/run/media";
    assertEquals(seen, [
      "FEX in /usr/share/here [/usr/share/here/./report]",
      "FEX in /usr/share/here [/usr/share/here/./link]",
      "FEX in /usr/share/here [/usr/share/here/../here/report]",
      "FEX in /usr/share/here [/usr/share/here/./report]",
      `FEX in ${below} [${below}/./report]`,
      `FEX in ${below} [${below}/report]`,
      `FEX in ${below} [/usr/share/here/report]`,
      `FEX in / [${below}/report]`,
      `FEX in /usr [${below}/report]`,
      `FEX in /usr [${below}/report]`,
    ]);
  },
});

test({
  name: "muvm makes a terminal if all three streams are terminals",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const terminals = 'for n in 0 1 2; do [ -t $n ] && printf "$n "; done; ' +
      "[ -t 0 ] && [ -t 1 ] && stty size; echo of $1; exit 5";
    world.program("/usr/bin/terminals", terminals);
    const { stdout } = await world.script(`
      # The terminal's input never ends.
      mkfifo /run/input; exec 8<>/run/input
      on_terminal() { script -qec "stty cols 90 rows 20; $1" /dev/null <&8; echo $?; }
      on_terminal 'terminals all'
      on_terminal 'terminals input </dev/null'
      on_terminal 'terminals output | cat; exit 6'
      on_terminal 'terminals error 2>/dev/null'
    `);
    assertEquals(stdout.replaceAll("\r", "").trim().split("\n"), [
      ...["0 1 2 20 90", "of all", "5", "of input", "5", "of output", "6", "of error", "5"],
    ]);
    const programs = world.calls().filter(({ args }) => args.includes("/usr/bin/FEX"));
    assertEquals(programs.map(({ args }) => args.slice(0, 2).includes("-t")), [
      ...[true, false, false, false],
    ]);
  },
});

test({
  name: "a background job reads nothing from its terminal and is not stopped",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/job", "echo runs; sleep 0.5; echo on; exit 3");
    const { stdout } = await world.script(String.raw`
      cat > /run/jobs <<'E'
      set -m
      job &
      # The shell gets what is typed meanwhile.
      read -r line; echo "$line"
      for n in 1 2 3 4 5 6 7 8 9 10; do jobs %1 | grep -q Running || break; sleep 0.5; done
      jobs %1
E
      (sleep 0.3; echo typed; sleep 5) | script -qec 'bash /run/jobs' /dev/null
    `);
    const lines = stdout.replaceAll("\r", "").trim().split("\n");
    assertEquals(lines.filter((line) => line === "runs" || line === "on"), ["runs", "on"], stdout);
    assert(/Exit 3|Done/.test(lines.at(-1)!), stdout);
    const [program] = world.calls().filter(({ args }) => args.includes("/usr/bin/FEX"));
    assertEquals(program!.args.slice(0, 2).includes("-t"), false);
  },
});

test({
  name: "simultaneous first programs share one machine but not their streams",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/echo-in", 'echo "$1: $(cat)"; exit $1');
    const { stdout, stderr } = await world.script(`
      for n in 1 2 3 4 5 6 7 8; do
        { echo in $n | echo-in $n; echo $n ended with $?; } &
      done
      wait
    `);
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    assertEquals(
      stdout.trim().split("\n").toSorted(),
      numbers.flatMap((n) => [`${n}: in ${n}`, `${n} ended with ${n}`]).toSorted(),
    );
    assertEquals(stderr, "");
    assertEquals(world.calls().filter(({ role }) => role === "machine").length, 1);
    // One of them started it and polled until it was up; the others waited.
    const calls = world.calls().map(({ args }) => args.includes("/usr/bin/FEX"));
    assertEquals(calls.indexOf(true), calls.lastIndexOf(false) + 1);
  },
});

test({
  name: "sixty simultaneous programs all run",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/number", "echo $1; exit $1");
    const { stdout, stderr } = await world.script(`
      for n in $(seq 60); do { number $n; [ $? = $n ] || echo $n failed; } & done
      wait
    `);
    assertEquals(stderr, "");
    const numbers = Array.from({ length: 60 }, (_, i) => String(i + 1));
    assertEquals(stdout.trim().split("\n").toSorted(), numbers.toSorted());
  },
});

test({
  name: "the socket of a killed machine does not prevent the next start",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/hang", "echo hanging; exec sleep 60");
    world.program("/usr/bin/hello", "echo hello");
    const { stdout } = await world.script(`
      hang &
      until grep -q /usr/bin/hang $XDG_RUNTIME_DIR/muvm.log; do sleep 0.1; done
      machine=$(sed -n 's/.*"pid":\\([0-9]*\\),"role":"machine".*/\\1/p' $XDG_RUNTIME_DIR/muvm.log)
      kill -KILL $machine
      wait $!
      echo $?
      [ -S $XDG_RUNTIME_DIR/krun/server ] && echo the socket exists
      hello
    `);
    const lines = stdout.trim().split("\n").filter((line) => line !== "hanging");
    assertEquals(lines, ["1", "the socket exists", "hello"]);
    assertEquals(world.calls().filter(({ role }) => role === "machine").length, 2);
  },
});

test({
  name: "a message says that the machine cannot start, and what to do",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.program("/usr/bin/hello", "echo hello");
    world.file("/usr/bin/muvm", "#!/bin/sh\necho refused >&2\nexit 3\n", 0o755);
    const { status, stdout, stderr } = await world.script("hello");
    assertEquals([status, stdout], [126, ""]);
    assertEquals(
      stderr,
      "binfmt-dispatcher: Cannot start muvm's virtual machine: " +
        "/usr/bin/muvm exited with status 3\n" +
        "  Run it by hand to see why: /usr/bin/muvm -- true\n" +
        "binfmt-dispatcher: Cannot run “/usr/bin/hello”: muvm's virtual machine does not answer " +
        "at /run/user/1000/krun/server: no such file\n" +
        "  Run it by hand to see why: binfmt-dispatcher vm start\n",
    );
  },
});

test({
  name: "vm start starts the machine once, or says why it cannot",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout, stderr } = await world.script(`
      binfmt-dispatcher vm start; echo $?
      true | muvm -i -- /bin/sh -c 'echo in $MUVM_GUEST; sleep 0.1'
      binfmt-dispatcher vm start; echo $?
      env -u XDG_RUNTIME_DIR binfmt-dispatcher vm start; echo $?
    `);
    assertEquals(stdout, "0\nin yes\n0\n126\n");
    assert(stderr.startsWith("binfmt-dispatcher: Cannot start muvm's virtual machine: "), stderr);
    assert(stderr.includes("muvm needs XDG_RUNTIME_DIR"), stderr);
    assertEquals(world.calls().filter(({ role }) => role === "machine").length, 1);
    const root = await world.script("binfmt-dispatcher vm start", { root: true });
    assertEquals(root.status, 126);
    assert(root.stderr.includes("muvm refuses root"), root.stderr);
  },
});
