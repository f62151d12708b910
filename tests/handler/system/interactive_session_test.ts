import { assertEquals } from "@std/assert";
import { findSession, SESSION } from "../../../lib/handler/system/interactive_session.ts";
import { World } from "./world.ts";

const OURS = 77;
const ENOTTY = -25;

interface Place {
  readonly env?: Readonly<Record<string, string>>;
  readonly euid?: number;
  readonly uid?: number;
  readonly noNewPrivileges?: true;
  readonly terminal?: false;
  /** The foreground group of standard input and error; 0 where they are another terminal. */
  readonly front?: readonly [number, number];
  readonly cgroup?: string;
  /** Of a PID namespace that the process group is not in. */
  readonly groupless?: true;
}

function session(place: Place): number {
  const world = new World(place);
  world.own.prctl = () => place.noNewPrivileges ? 1 : 0;
  world.own.getpgid = () => place.groupless ? 0 : OURS;
  world.own.ioctl = ([descriptor, , answer]) => {
    const group = (place.front ?? [OURS, OURS])[descriptor === 0 ? 0 : 1];
    new DataView((answer as Uint8Array).buffer).setUint32(0, group, true);
    return group === 0 && !place.groupless ? ENOTTY : 0;
  };
  if (place.terminal !== false) world.write("/dev/tty", "");
  world.write("/proc/self/cgroup", place.cgroup ?? "0::/\n");
  return findSession();
}

Deno.test("a person is at a terminal if standard input and error are it, in the foreground", () => {
  assertEquals(session({}), SESSION.AT_TERMINAL);
  assertEquals(session({ front: [0, OURS] }), SESSION.NONE);
  assertEquals(session({ front: [OURS, 0] }), SESSION.NONE);
  assertEquals(session({ front: [78, 78] }), SESSION.NONE);
  assertEquals(session({ front: [0, 0], groupless: true }), SESSION.NONE);
  // If there is a terminal, a display does not count.
  assertEquals(session({ front: [0, 0], env: { DISPLAY: ":0" } }), SESSION.NONE);
});

Deno.test("without a terminal a person is on a display, except root and in a service", () => {
  const terminal = false;
  assertEquals(session({ terminal }), SESSION.NONE);
  assertEquals(session({ terminal, env: { DISPLAY: "" } }), SESSION.NONE);
  for (const env of [{ DISPLAY: ":0" }, { WAYLAND_DISPLAY: "wayland-0" }]) {
    assertEquals(session({ terminal, env }), SESSION.ON_DISPLAY);
    assertEquals(session({ terminal, env, uid: 0 }), SESSION.NONE);
    assertEquals(session({ terminal, env, cgroup: "0::/system.slice/x.service\n" }), SESSION.NONE);
  }
});

Deno.test("nobody is asked in a privileged start, or if privileges cannot be gained", () => {
  assertEquals(session({ uid: 1000, euid: 0 }), SESSION.NONE);
  assertEquals(session({ noNewPrivileges: true }), SESSION.NONE);
});
