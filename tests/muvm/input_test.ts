/** Standard input of every kind, also input that a program does not read. */
import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

test({
  name: "files, directories and /dev/null become the program's standard input",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.file("/usr/share/lines", "one\ntwo\nthree\n");
    world.file("/run/lines", "below /run\n");
    const { status, stdout, stderr } = await world.script(`
      do-it 'cat; readlink /proc/self/fd/0' < /usr/share/lines
      do-it cat < /run/lines
      do-it 'cat; readlink /proc/self/fd/0' < /dev/null
      do-it 'readlink /proc/self/fd/0' < /usr/share
      # The file's offset is the caller's.
      { read -r line; echo "the caller read $line"; do-it cat; } < /usr/share/lines
      # A program that reads nothing takes nothing from its caller.
      while read -r line; do do-it "echo a program for $line"; done < /usr/share/lines
    `);
    assertEquals([status, stderr], [0, ""]);
    assertEquals(stdout.trim().split("\n"), [
      ...["one", "two", "three", "/usr/share/lines", "below /run", "/dev/null", "/usr/share"],
      ...["the caller read one", "two", "three"],
      ...["one", "two", "three"].map((line) => `a program for ${line}`),
    ]);
  },
});

test({
  name: "the handler feeds files that the guest cannot open through a pipe, and ends",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { status, stdout, stderr } = await world.script(`
      seq 30000 > /run/lines
      exec 7< /run/lines 8<> /run/lines
      rm /run/lines
      do-it 'wc -l; exit 3' <&7; echo $?
      do-it 'wc -l' <&8
      exec 7<&- 8>&-
      # Another test's handler can be there for a moment, too.
      feeders() { grep -ls '^Name:.handler' /proc/[0-9]*/status; }
      for n in $(seq 100); do left=$(feeders) || break; sleep 0.1; done
      printf %s "$left"
    `);
    assertEquals([status, stderr], [0, ""]);
    assertEquals(stdout, "30000\n3\n30000\n");
  },
});

const BY_SOCKET = `import socket, subprocess
here, there = socket.socketpair()
here.sendall(b"by a socket\\n")
here.shutdown(socket.SHUT_WR)
subprocess.run(["/usr/bin/do-it", "cat"], stdin=there)
`;

test({
  name: "input from pipes and sockets is passed on",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    world.file("/usr/share/by-socket", BY_SOCKET);
    const { status, stdout, stderr } = await world.script(`
      seq 200000 | do-it 'md5sum'
      seq 200000 | md5sum
      true | do-it 'cat; echo end'
      do-it 'cat; exit 9' <<< here; echo $?
      /usr/bin/python3 /usr/share/by-socket
    `);
    assertEquals([status, stderr], [0, ""]);
    const lines = stdout.trim().split("\n");
    assertEquals(lines[0], lines[1]);
    assertEquals(lines.slice(2), ["end", "here", "9", "by a socket"]);
  },
});

test({
  name: "unread input changes neither a program's output nor its status",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout, stderr } = await world.script(`
      for n in 1 2 3 4 5; do
        # 2 MB, of which some is there before the program starts.
        seq 300000 | { read -r one; do-it 'echo all of it is unread; exit 7'; echo $?; }
        seq 300000 | { read -r one; do-it 'head -n 1; exit 8'; echo $?; }
        # muvm's guest server writes input and reads output in turn.
        seq 300000 | {
          read -r one; do-it 'head -c 1000000 /dev/zero; exit 9'; echo $? >&2
        } | wc -c
      done
    `);
    assertEquals(stdout, "all of it is unread\n7\n2\n8\n1000000\n".repeat(5));
    assertEquals(stderr, "9\n".repeat(5));
  },
});
