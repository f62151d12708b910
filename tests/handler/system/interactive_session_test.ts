// Shows docs/security.md#a-foreign-program-against-its-user
import { assertEquals } from "@std/assert";
import { findSession, SESSION } from "../../../lib/handler/system/interactive_session.ts";
import { PLAIN } from "../../../tasks/world.ts";
import { test } from "../../abilities.ts";
import { asUser, isolated } from "../../become.ts";
import { OfferStage } from "./offer_stage.ts";
import { World } from "./world.ts";

const OWN_GROUP = 77;
const ENOTTY = -25;

interface Place {
  readonly env?: Readonly<Record<string, string>>;
  readonly euid?: number;
  readonly uid?: number;
  readonly noNewPrivileges?: true;
  readonly terminal?: false;
  /** The foreground groups of standard input and error; 0 for one that is not the terminal. */
  readonly front?: readonly [number, number];
  readonly cgroup?: string;
  /** The process group is outside the PID namespace. */
  readonly groupless?: true;
}

function session(place: Place): number {
  const world = new World(place);
  world.own.prctl = () => place.noNewPrivileges ? 1 : 0;
  world.own.getpgid = () => place.groupless ? 0 : OWN_GROUP;
  world.own.ioctl = ([descriptor, , answer]) => {
    const group = (place.front ?? [OWN_GROUP, OWN_GROUP])[descriptor === 0 ? 0 : 1];
    new DataView((answer as Uint8Array).buffer).setUint32(0, group, true);
    return group === 0 && !place.groupless ? ENOTTY : 0;
  };
  if (place.terminal !== false) world.write("/dev/tty", "");
  world.write("/proc/self/cgroup", place.cgroup ?? "0::/\n");
  return findSession();
}

Deno.test("a person is at a terminal if standard input and error are its foreground", () => {
  assertEquals(session({}), SESSION.AT_TERMINAL);
  assertEquals(session({ front: [0, OWN_GROUP] }), SESSION.NONE);
  assertEquals(session({ front: [OWN_GROUP, 0] }), SESSION.NONE);
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

Deno.test("findSession() finds nobody in a privileged start or under no_new_privs", () => {
  assertEquals(session({ uid: 1000, euid: 0 }), SESSION.NONE);
  assertEquals(session({ noNewPrivileges: true }), SESSION.NONE);
});

/** The command that starts the script's shell. Without one, the script has a terminal. */
type Within = (stage: OfferStage) => readonly string[];

/** Does a start in this script ask to install? The script's status is the start's. */
async function asks(
  words: string,
  within?: Within,
  env: Record<string, string> = {},
): Promise<boolean> {
  using stage = new OfferStage("exit 126");
  const { status, said } = await stage.sh(words, within?.(stage), env);
  const hasAsked = stage.asked.length > 0;
  assertEquals(status, hasAsked ? 126 : 127, said);
  return hasAsked;
}

Deno.test("the handler asks in a terminal's foreground", async () => {
  assertEquals(await asks("$H $P"), true);
  assertEquals(await asks("$H $P > /dev/null"), true);
  assertEquals(await asks("$H $P < /dev/null"), false);
  assertEquals(await asks("echo | $H $P"), false);
  assertEquals(await asks("$H $P 2>/dev/null"), false);
  assertEquals(await asks("bash -o pipefail -c '$0 $1 2>&1 | cat' $H $P"), false);
  assertEquals(await asks("bash -mc '$0 $1 </dev/tty & wait $!' $H $P"), false);
  // If there is a terminal, a display does not count.
  assertEquals(await asks("$H $P < /dev/null", undefined, { DISPLAY: ":0" }), false);
});

Deno.test("the handler does not ask at another session's terminal", async () => {
  assertEquals(await asks("setsid -w $H $P"), false);
});

Deno.test("the handler does not ask under no_new_privs", async () => {
  assertEquals(await asks("setpriv --no-new-privs $H $P"), false);
});

const noTerminal: Within = () => ["setsid", "-w"];
const userAlone: Within = (stage) => ["setsid", "-w", ...asUser(stage.directory)];
const rootAlone: Within = () => ["setsid", "-w", ...isolated()];

test({
  name: "the handler asks a user on a display if there is no terminal",
  needs: ["a way to be a user", "a way to be root"],
  fn: async () => {
    assertEquals(await asks("$H $P", noTerminal), false);
    assertEquals(await asks("$H $P", userAlone, { DISPLAY: "" }), false);
    const privs = "setpriv --no-new-privs $H $P";
    for (const env of [{ DISPLAY: ":0" }, { WAYLAND_DISPLAY: "wayland-0" }]) {
      assertEquals(await asks("$H $P", userAlone, env), true);
      assertEquals(await asks(privs, userAlone, env), false);
      // The display's owner could control root's windows.
      assertEquals(await asks("$H $P", rootAlone, env), false);
    }
  },
});

/** Does a start in this cgroup ask, on a display? */
async function asksIn(cgroup: string): Promise<boolean> {
  const mount = "mount --bind $2/cgroup /proc/$$/cgroup";
  const words = `printf '${cgroup}' > $D/cgroup; ` +
    `exec unshare -Urm sh -c '${mount} && exec ${PLAIN.join(" ")} $0 $1' $H $P $D`;
  return await asks(words, noTerminal, { DISPLAY: ":0" });
}

test({
  name: "the handler asks on a display in a desktop's service, but in no other",
  needs: ["mounts"],
  fn: async () => {
    const user = "0::/user.slice/user-1000.slice/user@1000.service";
    assertEquals(await asksIn(`${user}/app.slice/app-org.kde.dolphin@abc.service\\n`), true);
    assertEquals(await asksIn("0::/system.slice/cron.service\\n"), false);
    assertEquals(await asksIn(""), false);
  },
});
