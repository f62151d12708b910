/** Users of every kind, with and without a directory for their own table. */
import { USER_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { machine } from "../elf/build_elf.ts";
import { NEEDS_KERNEL } from "../real/foreign.ts";
import { changingWorld, check } from "./changing_world.ts";

/** A person and a service, neither with a directory below /run/user. */
const USERS = `
chmod 666 $S
mkdir -p /run/home/ann /run/home/bob /run/home/root
chown 4001:4001 /run/home/ann
chown 4002:4002 /run/home/bob
cat >> /etc/passwd << END
ann:x:4001:4001::/run/home/ann:/bin/sh
bob:x:4002:4002::/run/home/bob:/bin/sh
service:x:4003:4003::/nonexistent:/usr/sbin/nologin
END
printf '%s:x:%s:\\n' ann 4001 bob 4002 service 4003 >> /etc/group
printf '%s:*:19000:0:99999:7:::\\n' ann bob service >> /etc/shadow
as() { # user, HOME and a program; in a session where there is a runtime directory
  local id=$1 home=$2 runtime=/run/user/$1; shift 2
  [ -d $runtime ] || runtime=
  setpriv --reuid $id --regid $id --clear-groups \\
    env -i PATH=/usr/bin:/bin "HOME=$home" XDG_RUNTIME_DIR=$runtime "$@"
}
expect_as() { # user, HOME, and the interpreter that the next start finds
  local said status=0
  said=$(as $1 "$2" $P 2>&1) || status=$?
  [ "$said" = "$3" ] || fail "$said, not $3; status $status"
}
own_layer() { # user, HOME, interpreter
  as $1 $2 mkdir -p $2/.config/binfmt-dispatcher
  default $3 > /run/layer
  as $1 $2 cp /run/layer $2/.config/${USER_LAYER}
}
settle
`;

function users(name: string, script: string, prepare?: string): void {
  test({
    name,
    needs: [...NEEDS_KERNEL, "root"],
    fn: async () => {
      using world = changingWorld();
      if (prepare) {
        const { debian } = machine(Deno.build.arch);
        world.bind(`${await fetchPackage(prepare, debian!)}/usr/sbin/${prepare}`, DAEMON);
      }
      await check(world, USERS + script, { users: true });
    },
  });
}

const DAEMON = "/usr/share/kernel/daemon";

users(
  "all users use root's table, even with umask 077; a user's table is private, even with 777",
  `
  umask 077
  expect_starts 1 expect base
  expect_starts 0 expect_as 4001 /run/home/ann base
  expect_starts 0 expect_as 4003 /nonexistent base
  [ -z "$(ls -A /run/home/ann)" ] || fail "something was made in a home"
  rm -r /run/binfmt-dispatcher
  expect_starts 1 expect base
  expect_starts 0 expect_as 4001 /run/home/ann base
  umask 777
  rm -r /run/binfmt-dispatcher
  expect_starts 1 expect_as 4001 /run/home/ann base
  expect_starts 0 expect_as 4001 /run/home/ann base
  [ "$(stat -c %a /run/home/ann/.cache)" = 700 ] || fail "$(stat /run/home/ann/.cache)"`,
);

users(
  "without root's table and /run/user, a user's table is in the cache directory",
  `
  expect_starts 1 expect_as 4001 /run/home/ann base
  expect_starts 0 expect_as 4001 /run/home/ann base
  file=$(find /run/home/ann -type f)
  [ "$(stat -c '%u:%g %a' $file)" = "4001:4001 600" ] || fail "$(stat $file)"
  for directory in $(find /run/home/ann/.cache -type d); do
    [ $(stat -c %a $directory) = 700 ] || fail "$(stat $directory)"
  done
  # Neither root nor another user uses it.
  expect_starts 1 expect_as 4002 /run/home/ann base
  expect_starts 1 expect base
  default carl > /etc/binfmt-dispatcher.toml
  settle
  expect_starts 1 expect_as 4001 /run/home/ann carl
  expect_starts 1 expect carl
  expect_starts 0 expect_as 4001 /run/home/ann carl
  mkdir -p /run/user/4001
  chown 4001:4001 /run/user/4001
  chmod 700 /run/user/4001
  rm -r /run/home/ann/.cache /run/binfmt-dispatcher/*
  expect_starts 1 expect_as 4001 /run/home/ann carl
  expect_starts 0 expect_as 4001 /run/home/ann carl
  [ ! -e /run/home/ann/.cache ] || fail "the runtime directory was not used"
  # Without a home it is used outside a session, too.
  rm -r /run/user/4001/*
  outside() {
    [ "$(as 4001 /nonexistent env -u XDG_RUNTIME_DIR $P)" = carl ] || fail "not carl"
  }
  expect_starts 1 outside
  expect_starts 0 outside`,
);

users(
  "a service user without a home starts programs, and no file is created",
  `
  for home in /nonexistent / /run/home/root /run/home/ann '' relative; do
    touch /run/mark
    expect_starts 2 eval "expect_as 4003 '$home' base; expect_as 4003 '$home' base"
    [ -z "$(find /run /tmp /var/tmp -newer /run/mark -user 4003 2>/dev/null)" ] ||
      fail "$(find /run /tmp /var/tmp -newer /run/mark -user 4003)"
  done
  expect base
  expect_starts 0 expect_as 4003 /nonexistent base`,
);

users(
  "a user's layer applies to that user only, even if another sets the same HOME",
  `
  own_layer 4001 /run/home/ann anna
  own_layer 4002 /run/home/bob bert
  settle
  turn() {
    expect_as 4001 /run/home/ann anna
    expect_as 4002 /run/home/bob bert
    expect_as 4002 /run/home/ann base
    HOME=/run/home/ann expect base
    expect_as 4001 /run/home/bob base
  }
  expect base
  expect_starts 2 turn
  expect_starts 0 turn
  made=$(find /run/home -newer /run/home/bob/.config -user 0 -type f)
  [ -z "$made" ] || fail "root made $made"`,
);

users(
  "su starts programs as the other user",
  `
  own_layer 4001 /run/home/ann anna
  expect base
  [ "$(su ann -c $P)" = anna ] || fail "su ann: $(su ann -c $P 2>&1)"
  [ "$(su - ann -c $P)" = anna ] || fail "su - ann: $(su - ann -c $P 2>&1)"
  [ "$(su -s /bin/sh service -c $P)" = base ] || fail "su of a service"
  # The caller's HOME: root's, or ann's when root is the target.
  [ "$(HOME=/run/home/root su -m ann -c $P)" = base ] || fail "su -m"
  [ "$(HOME=/run/home/ann su -m root -s /bin/sh -c $P)" = base ] || fail "su -m root"`,
);

users(
  "cron jobs of root and of users start programs",
  `
  own_layer 4001 /run/home/ann anna
  mkdir -p /run/spool /run/out
  mount -t tmpfs none /var/spool && mkdir -p /var/spool/cron/crontabs
  chmod 1777 /run/out
  rm -rf /etc/cron.d
  mkdir -p /etc/cron.d
  printf 'auth required pam_permit.so\\naccount required pam_permit.so\\n' > /etc/pam.d/cron
  printf 'session required pam_permit.so\\n' >> /etc/pam.d/cron
  for user in root ann service; do
    echo "@reboot $user $P > /run/out/$user 2>&1; echo \\$? >> /run/out/$user"
  done > /etc/cron.d/test
  timeout 30 ${DAEMON} -f &
  cron=$!
  done=
  for turn in {1..500}; do
    [ "$(cat /run/out/* 2>/dev/null | grep -c '^0$')" = 3 ] && { done=yes; break; }
    sleep 0.02
  done
  kill $cron
  wait $cron || true
  [ -n "$done" ] || fail "$(head /run/out/*)"
  [ "$(cat /run/out/root /run/out/ann /run/out/service | xargs)" = "base 0 anna 0 base 0" ] ||
    fail "$(head /run/out/*)"`,
  "cron",
);
