import { assertEquals } from "@std/assert";
import { isStartedByService } from "../../../lib/handler/system/service.ts";
import { World } from "./world.ts";

function startedIn(cgroups: string | undefined): boolean {
  const world = new World();
  if (cgroups !== undefined) world.write("/proc/self/cgroup", cgroups);
  return isStartedByService();
}

Deno.test("isStartedByService() is true in services, except a desktop's", () => {
  const user = "0::/user.slice/user-1000.slice/user@1000.service";
  const expected: Record<string, boolean> = {
    "0::/user.slice/user-1000.slice/session-2.scope\n": false,
    [`${user}\n`]: false,
    [`${user}/app.slice/app-gnome-game-4711.scope\n`]: false,
    [`${user}/app.slice/app-org.kde.dolphin@abc.service\n`]: false,
    [`${user}/app.slice/dbus-:1.2-org.gnome.Nautilus@0.service\n`]: false,
    "0::/\n": false,
    "0::/.service\n": false,
    "0::/x.service.d\n": false,
    "0::/system.slice/cron.service\n": true,
    "0::/system.slice/cron.service/payload\n": true,
    [`${user}/app.slice/backup.service\n`]: true,
    "2:cpu:/a.service\n1:name=systemd:/user.slice/x.scope\n": false,
    "4:cpu:/\n1:name=systemd:/system.slice/x.service\n": true,
    "": true,
    "\n": true,
  };
  for (const [cgroups, is] of Object.entries(expected)) {
    assertEquals([cgroups, startedIn(cgroups)], [cgroups, is]);
  }
  assertEquals(startedIn(undefined), true);
});
