// Shows docs/security.md#a-foreign-program-against-its-user
import { assertEquals } from "@std/assert";
import { PLAIN } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { asUser, isolated } from "../become.ts";
import { OfferStage } from "./offer_stage.ts";

/** The command that starts the script's shell; without it the script has a terminal. */
type Within = (stage: OfferStage) => readonly string[];

/** Was the person asked? */
async function asks(
  words: string,
  within?: Within,
  env: Record<string, string> = {},
): Promise<boolean> {
  using stage = new OfferStage("exit 126");
  await stage.sh(words, within?.(stage), env);
  return stage.asked.length > 0;
}

Deno.test("person: in a terminal's foreground, by standard input and error", async () => {
  assertEquals(await asks("$H $P"), true);
  assertEquals(await asks("$H $P > /dev/null"), true);
  assertEquals(await asks("$H $P < /dev/null"), false);
  assertEquals(await asks("echo | $H $P"), false);
  assertEquals(await asks("$H $P 2>/dev/null"), false);
  assertEquals(await asks("$H $P 2>&1 | cat"), false);
  assertEquals(await asks("bash -mc '$0 $1 </dev/tty & wait' $H $P"), false);
  // If there is a terminal, a display does not count.
  assertEquals(await asks("$H $P < /dev/null", undefined, { DISPLAY: ":0" }), false);
});

Deno.test("person: not at a terminal of another session", async () => {
  assertEquals(await asks("setsid -w $H $P"), false);
});

Deno.test("person: nobody under no_new_privs", async () => {
  assertEquals(await asks("setpriv --no-new-privs $H $P"), false);
});

const noTerminal: Within = () => ["setsid", "-w"];
const userAlone: Within = (stage) => ["setsid", "-w", ...asUser(stage.directory)];
const rootAlone: Within = () => ["setsid", "-w", ...isolated()];

test({
  name: "person: without a terminal, on a display, except root",
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

/** The handler sees this in place of its own cgroup. */
async function asksIn(cgroup: string): Promise<boolean> {
  const mount = "mount --bind $2/cgroup /proc/$$/cgroup";
  const words = `printf '${cgroup}' > $D/cgroup; ` +
    `exec unshare -Urm sh -c '${mount} && exec ${PLAIN.join(" ")} $0 $1' $H $P $D`;
  return await asks(words, noTerminal, { DISPLAY: ":0" });
}

test({
  name: "person: not in a service, except a desktop's",
  needs: ["mounts"],
  fn: async () => {
    const user = "0::/user.slice/user-1000.slice/user@1000.service";
    assertEquals(await asksIn("0::/user.slice/user-1000.slice/session-2.scope\\n"), true);
    assertEquals(await asksIn(`${user}/app.slice/app-gnome-game-4711.scope\\n`), true);
    assertEquals(await asksIn(`${user}/app.slice/app-org.kde.dolphin@abc.service\\n`), true);
    const activated = "dbus-:1.2-org.gnome.Nautilus@0.service";
    assertEquals(await asksIn(`${user}/app.slice/${activated}\\n`), true);
    assertEquals(await asksIn("0::/\\n"), true);
    assertEquals(await asksIn("0::/system.slice/cron.service\\n"), false);
    assertEquals(await asksIn("0::/system.slice/cron.service/payload\\n"), false);
    assertEquals(await asksIn(`${user}/app.slice/backup.service\\n`), false);
    // With several hierarchies the last line counts.
    assertEquals(await asksIn("2:cpu:/a.service\\n1:name=systemd:/user.slice/x.scope\\n"), true);
    assertEquals(await asksIn("4:cpu:/\\n1:name=systemd:/system.slice/x.service\\n"), false);
    assertEquals(await asksIn(""), false);
  },
});
