// Shows docs/security.md#a-local-user-against-root-or-another-user
// Shows docs/security.md#denial-of-service
/** No user's files affect another user's programs, wherever they are. */
import { FOREIGN } from "../real/foreign.ts";
import { EVIL, HOST, testAmongPeople } from "./people.ts";

function trust(name: string, script: string, seconds?: number): void {
  testAmongPeople(name, script, { needs: ["strace"], seconds });
}

/** The system's layer names an interpreter in the home of the user who starts a program. */
const EMULATOR_AT_HOME = `cat > /etc/binfmt-dispatcher.toml << END
[interpreters.home]
path = "~/emu"
machines = ["${FOREIGN}"]
[defaults]
interpreter = ["home", "base"]
END`;

trust(
  "a user's layer counts only if nobody else could have written it",
  `
  settle; is base $P
  layer=$ALICE/$LAYER directory=$ALICE/$CONFIG
  layered() { # owner and mode of the layer, of its directory
    default anna > $layer
    chown $1 $layer; chmod $2 $layer; chown $3 $directory; chmod $4 $directory
  }
  counts() { layered "$@"; is anna alice $P; settle; is anna alice $P; is anna alice $P; }
  does_not() { layered "$@"; is base alice $P; settle; is base alice $P; is base alice $P; }
  counts 1000:1000 644 1000:1000 755
  counts 1000:1000 600 1000:1000 700
  counts 1000:100 644 1000:100 755
  # The group's bits may be the mask of an ACL.
  does_not 1000:1000 664 1000:1000 755
  does_not 1000:1000 644 1000:1000 775
  does_not 1000:100 664 1000:1000 755
  does_not 1000:1000 644 1000:100 775
  does_not 1000:1000 646 1000:1000 755
  does_not 1000:1000 644 1000:1000 757
  does_not 1000:1000 644 1000:1000 1777
  does_not 1001:1001 644 1000:1000 755
  does_not 1001:1000 664 1000:1000 755
  does_not 1000:1000 644 1001:1001 755
  # Everybody trusts root's files.
  counts 0:0 644 1000:1000 755
  counts 1000:1000 644 0:0 755
  counts 0:0 644 0:0 755
  does_not 0:100 664 0:0 755`,
);

trust(
  "a layer in a store or below a sticky directory counts if nobody else can replace it",
  `
  store=/run/store
  mkdir $store; chown 0:30000 $store; default anna > $store/hash-layer; chmod 444 $store/hash-layer
  rm -f $ALICE/$LAYER; alice ln -s $store/hash-layer $ALICE/$LAYER
  # A stored table keeps the judgement of its layers.
  anew() { rm -rf $ALICE/.cache $shared/home/.cache; settle; is "$@" $P; }
  shared=/run/shared; mkdir $shared; chmod 1777 $shared
  judged() { chmod $1 $store; anew $2 alice; }
  judged 1775 anna; judged 755 anna
  # Members of its group could put another file there.
  judged 775 base; judged 777 base; judged 1777 anna
  chown 1001:1001 $store/hash-layer; judged 1777 base; chown 0:0 $store/hash-layer
  # A home in a directory like /tmp.
  cp -a $ALICE $shared/home; anew anna alice HOME=$shared/home
  chmod 777 $shared; anew base alice HOME=$shared/home
  chmod 1777 $shared; anew anna alice HOME=$shared/home
  # Bob's link there leads to alice's own home.
  bob ln -s $ALICE $shared/link; anew anna alice HOME=$shared/link
  bob ln -sfn $BOB $shared/link; anew base alice HOME=$shared/link`,
);

trust(
  "10,000 starts through a link that another user keeps changing never run that user's program",
  `
  ${EMULATOR_AT_HOME}
  mkdir $ALICE/hers; cp /run/bin/hers $ALICE/hers/emu; cp /run/bin/own $BOB/emu
  chown -R 1000:1000 $ALICE/hers; chown 1001:1001 $BOB/emu
  settle; is own bob $P; is hers alice HOME=$ALICE/hers $P
  swap='while (1) { for (@ARGV) { symlink $_, "next"; rename "next", "home" } }'
  (cd $ALICE; exec alice perl -e "$swap" hers $BOB) > /dev/null 2>&1 & swapper=$!
  trap 'kill $swapper; wait $swapper || :' EXIT
  for turn in {1..500}; do [ -e $ALICE/home ] && break; sleep 0.02; done
  many='i=0; while [ $i -lt 10000 ]; do $0; i=$((i+1)); done'
  bob HOME=$ALICE/home sh -c "$many" $P > /run/said
  [ "$(sort -u /run/said)" = "$(printf 'base\nown')" ] || fail "$(sort /run/said | uniq -c)"
  [ $(wc -l < /run/said) = 10000 ] || fail "$(wc -l < /run/said) starts"`,
  600,
);

/** struct posix_acl_xattr_header and its entries: version; tag, permissions and id of each. */
const ACCESS_LIST = `
may_write() { # who; what
  perl -e '
    my ($number, $who, $path) = @ARGV;
    my $none = 0xffffffff;
    my @list = (1, 6, $none, 2, 6, $who, 4, 4, $none, 16, 6, $none, 32, 4, $none);
    my $value = pack "V(vvV)*", 2, @list;
    my $name = "system.posix_acl_access";
    syscall($number, $path, $name, $value, length $value, 0) == 0 or die "setxattr: $!";
  ' ${HOST === "x86_64" ? 188 : 5} $1 $2
}
`;

trust(
  "a layer or home that an ACL lets another user write does not count",
  `${ACCESS_LIST}
  mount -t tmpfs -o mode=755 none $HOMES
  home() { # with a layer, on a file system with access lists
    rm -rf $ALICE; mkdir -p $ALICE/$CONFIG
    default anna > $ALICE/$LAYER; chown -R 1000:1000 $ALICE; settle
  }
  home; is anna alice $P
  may_write 1001 $ALICE/$LAYER
  bob sh -c "echo >> $ALICE/$LAYER" || fail "there is no access list"
  settle; is base alice $P
  for part in $CONFIG .config .; do
    home; may_write 1001 $ALICE/$part; settle; is base alice $P
  done
  # The same holds for a table and its directory.
  home; rm $ALICE/$LAYER; mkdir -p $ALICE/$CACHE; rm -rf $TABLES
  cp ${EVIL} $ALICE/$CACHE/$T; chmod 600 $ALICE/$CACHE/$T; chown -R 1000:1000 $ALICE/.cache
  is bert alice $P
  may_write 1001 $ALICE/$CACHE/$T; is base alice $P`,
);

trust(
  "an ignored layer is reported once, and only on a terminal",
  `
  default anna > $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER; chmod 666 $ALICE/$LAYER
  settle
  said=$(alice script -qec "$P; $P; $P" /dev/null | tr -d '\\r')
  why="every user can write “$ALICE/$LAYER”, ignoring it"
  wanted="binfmt-dispatcher: Cannot use “$ALICE/$LAYER”: $why"
  [ "$said" = "$wanted"$'\\nbase\\nbase\\nbase' ] || fail "$said"
  touch $ALICE/$LAYER
  is base alice $P`,
);

trust(
  "a layer that is not the user's own regular file is not read, and does not block a start",
  `
  settle; is base $P
  layer=$ALICE/$LAYER
  default anna > $BOB/mine; chown 1001:1001 $BOB/mine
  default anna > $ALICE/mine; chown 1000:1000 $ALICE/mine
  for put in 'mkfifo' 'mkdir' 'ln -s $BOB/mine' 'ln -s /dev/zero' 'ln -s $layer'; do
    eval "$put $layer"
    chown -h 1000:1000 $layer
    is base alice timeout 60 $P
    rm -r $layer
  done
  ln -s $ALICE/mine $layer; is anna alice $P`,
);

trust(
  "root never obeys another user's layer, even if that user keeps replacing it",
  `
  directory=$ALICE/$CONFIG
  rm -r $directory; mkdir $ALICE/there $ALICE/rooted
  default anna > $ALICE/there/binfmt-dispatcher.toml
  ln -s /etc/hostname $ALICE/rooted/binfmt-dispatcher.toml
  chown -R 1000:1000 $ALICE
  settle; is base $P
  swap='while :; do for to in ../rooted /usr ../there; do ln -sfn $to binfmt-dispatcher; done; done'
  (cd $ALICE/.config; exec alice sh -c "$swap") > /dev/null 2>&1 & swapper=$!
  trap 'kill $swapper; wait $swapper || :' EXIT
  for turn in {1..40}; do touch $V/10-names.toml; is base env HOME=$ALICE $P; done`,
);

/** Alice's links to root's files with her content, as on a USB stick or in her own /proc. */
const PLANTED = `
  stick=/run/stick evil=$stick/cfg
  mkdir -p $evil/binfmt-dispatcher $stick/bin /run/user /root
  default anna > $evil/binfmt-dispatcher/binfmt-dispatcher.toml
  mine=/root; mount --bind /run/roots-home $mine
  planted() { # the owner of the stick, to which alice's ~/.config leads
    chown -R $1:$1 $stick
    rm -rf $ALICE/.config $ALICE/.cache $ALICE/.local
    alice ln -s $evil $ALICE/.config
    alice mkdir $ALICE/.cache $ALICE/xdg 2> /dev/null || :
    settle
  }
`;

trust(
  "root and others obey no layer behind another user's links, whoever owns the target",
  `
  mkdir /run/roots-home; chmod 700 /run/roots-home
  ${PLANTED}
  nobody_obeys() { # with these variables
    is base env "$@" $P; settle; is base env "$@" $P
    is base bob "$@" $P; settle; is base bob "$@" $P
  }
  for owner in 0 1001; do
    planted $owner
    nobody_obeys HOME=$ALICE
    # Each part of the path as a link.
    rm $ALICE/.config; alice mkdir $ALICE/.config
    alice ln -s $evil/binfmt-dispatcher $ALICE/.config/binfmt-dispatcher
    nobody_obeys HOME=$ALICE
    rm $ALICE/.config/binfmt-dispatcher; alice mkdir $ALICE/.config/binfmt-dispatcher
    alice ln -s $evil/binfmt-dispatcher/binfmt-dispatcher.toml $ALICE/$LAYER
    nobody_obeys HOME=$ALICE
    rm -r $ALICE/.config
    nobody_obeys HOME=$ALICE XDG_CONFIG_HOME=$evil/..
  done
  # Root's home is fixed, whatever a variable says.
  chown -R 0:0 $stick
  is base env HOME=$stick XDG_CONFIG_HOME=$evil $P
  mkdir -p $mine/.config; cp -r $evil/binfmt-dispatcher $mine/.config; settle
  is anna env HOME=$ALICE $P; is anna env HOME=$stick XDG_CONFIG_HOME=/etc $P; is anna $P
  rm -r $mine/.config; settle; is base $P
  # Files of her own namespace, by a path that exists in every namespace.
  unshare=$(setpriv --reuid 1000 --regid 1000 --clear-groups sh -c '
    unshare -Urm sh -c "mount --bind $0 $1; exec sleep 60" sh $0 $1 > /dev/null & echo $!
  ' $evil $BOB/.config) || :
  if [ -n "$unshare" ]; then
    for turn in {1..50}; do [ -e /proc/$unshare/root$BOB/$CONFIG ] && break; sleep 0.02; done
    nobody_obeys HOME=/proc/$unshare/root$BOB
    kill $unshare
  fi`,
);

trust(
  "a table behind another user's link is not trusted",
  `
  planted=/run/planted/binfmt-dispatcher
  mkdir -p $planted /run/roots-home; cp ${EVIL} $planted/$T
  rm -rf $TABLES; mkdir $TABLES; chmod 755 $TABLES; mount --bind /usr $TABLES
  obeyed() { is bert bob HOME=$BOB $P; }
  for owner in 0 1001; do
    chown -R $owner:$owner $planted; chmod 700 $planted; chmod 600 $planted/$T
    alice mkdir -p $ALICE/.cache; alice ln -sfn $planted $ALICE/$CACHE
    is base env HOME=$ALICE $P; is base bob HOME=$ALICE $P
    rm -r $ALICE/.cache; alice ln -s /run/planted $ALICE/.cache
    is base env HOME=$ALICE $P; is base bob HOME=$ALICE $P
    rm $ALICE/.cache
  done
  # In bob's own home the same table is used.
  mkdir $BOB/.cache; mv $planted $BOB/.cache; chown 1001:1001 $BOB/.cache; obeyed
  chmod 775 $BOB; is base bob HOME=$BOB $P`,
);

trust(
  "~ matches nothing if HOME belongs to another user",
  `
  ${EMULATOR_AT_HOME}
  for home in $ALICE $BOB; do cp /run/bin/anna $home/emu; done
  chown 1000:1000 $ALICE/emu; chown 1001:1001 $BOB/emu
  settle; is emu alice $P; is emu bob $P
  is base env HOME=$ALICE $P; is base bob HOME=$ALICE $P
  # Nor if root or bob owns the file there.
  chown 0:0 $ALICE/emu; is base env HOME=$ALICE $P
  chown 1001:1001 $ALICE/emu; is base bob HOME=$ALICE $P
  chmod 775 $BOB; is base bob $P; chmod 1777 $BOB; is base bob $P
  chmod 755 $BOB; is emu bob $P`,
);

trust(
  "a rule follows root's links, but not another user's",
  `
  real=\${P%/*} program=\${P##*/}
  rule() {
    printf '[binaries.r]\\npath = "%s/"\\ninterpreter = "anna"\\n' $1 > /etc/binfmt-dispatcher.toml
    settle
  }
  all() { is $1 $P; is $1 alice $P; is $1 bob $P; }
  mkdir -m 1777 /run/shared; mkdir /run/roots
  alice ln -s $real $ALICE/l; alice ln -s $real /run/shared/l; ln -s $real /run/roots/l
  for directory in $ALICE /run/shared; do rule $directory/l; all base; done
  rule /run/roots/l; all anna
  # Root's link in a directory of alice's is not followed.
  chown -h 0:0 $ALICE/l; rule $ALICE/l; all base
  # Nor is root's link behind a link of hers.
  alice ln -s /run/roots $ALICE/roots; rule $ALICE/roots/l; all base
  # A user's table follows the user's own links, for root's rules too.
  chown -h 1000:1000 $ALICE/l; touch $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER
  rule $ALICE/l; is anna alice $P; is base $P; is base bob $P
  rule '~/l'; is anna alice $P; is base $P; is base bob $P`,
);

trust(
  "root with another user's HOME reads nothing of theirs and leaves nothing there",
  `
  mkdir -p $ALICE/.cache $ALICE/xdg/binfmt-dispatcher $ALICE/cache
  default anna > $ALICE/$LAYER
  cp $ALICE/$LAYER $ALICE/xdg/binfmt-dispatcher
  chown -R 1000:1000 $ALICE; chmod 700 $ALICE
  settle
  is anna alice $P
  of_alices() { # each set of variables that sudo may keep
    is base env HOME=$ALICE $P
    is base env HOME=$ALICE XDG_CONFIG_HOME=$ALICE/xdg XDG_CACHE_HOME=$ALICE/cache $P
    is base env HOME=$ALICE XDG_RUNTIME_DIR=$ALICE XDG_DATA_HOME=$ALICE $P
    is base env HOME=$ALICE BINFMT_DISPATCHER_LOG_LEVEL=warn $P
  }
  before=$(tree $ALICE)
  rm -f $TABLES/*; of_alices
  # Not even if no other directory is left.
  mv $TABLES /run/away; ln -s /nowhere $TABLES
  of_alices
  rm $TABLES; mv /run/away $TABLES
  [ "$(tree $ALICE)" = "$before" ] || fail "$before"$'\\n'"$(tree $ALICE)"
  # Nor if the directory is root's: alice can replace it.
  mkdir /run/keep; mv $ALICE/$LAYER /run/keep
  default bert > $ALICE/$LAYER; rm -r $ALICE/$CACHE; before=$(tree $ALICE)
  is base env HOME=$ALICE $P; settle; is base env HOME=$ALICE $P
  chown 0:0 $ALICE/$CONFIG
  is base env HOME=$ALICE $P; settle; is base env HOME=$ALICE $P
  chown 1000:1000 $ALICE/$CONFIG
  [ "$(tree $ALICE/.cache)" = "$(grep /.cache <<< "$before")" ] || fail "$(tree $ALICE/.cache)"
  rm $ALICE/$LAYER; mv /run/keep/* $ALICE/$LAYER
  # Neither the resolver nor the handler opens anything.
  traced() {
    strace -f -qq -e trace=open,openat,openat2,execve -o /run/trace \
      env HOME=$ALICE "$@" $P > /dev/null 2> /run/err || fail "$(cat /run/err)"
    grep -q openat /run/trace || fail "nothing was traced"
    ! grep -v 'execve("/usr/bin/env"' /run/trace | grep $ALICE || fail "opened"
  }
  touch $V/10-names.toml
  traced; grep -q 'execve.*"routes".*"--system"' /run/trace || fail "no resolver"
  settle; is base $P
  traced; ! grep -q 'execve.*"routes"' /run/trace || fail "a resolver"
  traced BINFMT_DISPATCHER_LOG_LEVEL=debug
  grep -q 'execve.*"explain"' /run/trace || fail "no resolver"`,
);

trust(
  "a table is used only if it is the user's own file and nobody else can write it",
  `
  mkdir -p /run/user/1000 /run/user/1001 /run/shared
  chown 1000:1000 /run/user/1000; chown 1001:1001 /run/user/1001; chmod 1777 /run/shared
  rm -rf $TABLES
  put() { # where, the directory's owner and mode, the table's owner and mode
    rm -rf $1; mkdir -p $1; cp ${EVIL} $1/$T
    chown $2 $1; chmod $3 $1; chown $4 $1/$T; chmod $5 $1/$T
  }
  obeyed() { is bert alice "$@" $P; }
  ignored() { is base alice "$@" timeout 60 $P; }
  cached=$ALICE/$CACHE
  for place in /run/user/1000/binfmt-dispatcher $ALICE/$CACHE; do
    mkdir -p $ALICE/.cache; chown 1000:1000 $ALICE/.cache
    # It is used, so that only its owner, mode or kind can be the reason below.
    put $place 1000:1000 700 1000:1000 600; obeyed
    put $place 1000:1000 700 1000:1000 644; obeyed
    for mode in 666 660 602 620; do put $place 1000:1000 700 1000:1000 $mode; ignored; done
    put $place 1001:1001 755 1001:1001 644; ignored
    put $place 1000:1000 700 1001:1001 644; ignored
    put $place 1000:1000 700 0:0 644; ignored
    put $place 1000:1000 700 1000:1000 600
    mv $place/$T $ALICE/good; ln -s $ALICE/good $place/$T; ignored
    rm -f $place/$T; mkfifo $place/$T; chown 1000:1000 $place/$T; chmod 600 $place/$T; ignored
    rm -f $place/$T; mkdir $place/$T; chown 1000:1000 $place/$T; ignored
    rm -rf $place; : > $place; ignored
    rm -f $place
  done
  # XDG_CACHE_HOME in a directory that everybody can write.
  put /run/shared/binfmt-dispatcher 1001:1001 755 1001:1001 644
  before=$(tree /run/shared)
  ignored XDG_CACHE_HOME=/run/shared
  [ "$(tree /run/shared)" = "$before" ] || fail "$(tree /run/shared)"
  # The system's table is trusted for its path, but not if others can write it.
  put $TABLES 0:0 755 0:0 644; obeyed; is bert $P
  put $TABLES 0:0 755 0:0 666; ignored
  put $TABLES 0:0 755 0:0 664; ignored
  put $TABLES 0:0 755 0:0 644
  mv $TABLES/$T /run/good; ln -s /run/good $TABLES/$T; ignored`,
);

trust(
  "a table is stored only in the user's own directory, not behind a link",
  `
  settle
  elsewhere=/run/elsewhere
  mkdir $elsewhere; chmod 777 $elsewhere
  stores_nothing() { # the prefix of the start
    is base "$@" $P; settle; is base "$@" $P
    [ -z "$(ls -A $elsewhere)" ] || fail "$(ls -A $elsewhere): $*"
  }
  mkdir $ALICE/.cache; chown 1000:1000 $ALICE/.cache
  mkdir -p /run/user; ln -s $elsewhere /run/user/1000; chown -h 1000:1000 /run/user/1000
  ln -s $elsewhere $ALICE/$CACHE; chown -h 1000:1000 $ALICE/$CACHE
  rm -rf $TABLES; mkdir $TABLES; chmod 755 $TABLES
  mount --bind /usr $TABLES # read-only: no system table is ever there
  mkdir $elsewhere/binfmt-dispatcher; chown 1001:1001 $elsewhere/binfmt-dispatcher
  mv $elsewhere/binfmt-dispatcher /run/bobs
  ln -s /run/bobs $elsewhere/binfmt-dispatcher
  is base alice $P; settle; is base alice $P
  [ -z "$(ls -A /run/bobs)" ] || fail "$(ls -A /run/bobs)"
  rm $elsewhere/binfmt-dispatcher
  rm /run/user/1000
  stores_nothing alice
  # Not even behind a link to alice's own directory.
  chown 1000:1000 $elsewhere; chmod 700 $elsewhere; stores_nothing alice
  umount $TABLES; rmdir $TABLES
  # Root's directory for tables, made by another user.
  for owner in 1000 1001; do
    mkdir $TABLES; chown $owner $TABLES
    is base $P; settle; is base $P
    [ -z "$(ls -A $TABLES)" ] || fail "$(ls -A $TABLES)"
    rmdir $TABLES
  done
  mkdir $TABLES; chmod 777 $TABLES
  is base $P; settle; is base $P
  [ -z "$(ls -A $TABLES)" ] || fail "$(ls -A $TABLES)"
  rmdir $TABLES; ln -s $elsewhere $TABLES
  stores_nothing env -i`,
);

trust(
  "a lock that is never released does not block a start for ever",
  `
  settle
  bob flock --no-fork $TABLES sleep 60 & locker=$!
  for turn in {1..500}; do flock -n $TABLES true || break; sleep 0.02; done
  [ $turn -lt 500 ] || fail "it is not locked"
  is base timeout 60 $P
  [ -e $TABLES/$T ] || fail "no table"
  kill $locker; wait 2>/dev/null || true`,
);

trust(
  "a table goes to the first usable directory; explain says why others are not usable",
  `
  default anna > $ALICE/$LAYER; chown 1000:1000 $ALICE/$LAYER
  mkdir -p $ALICE/.cache /run/user/1000
  mount -t tmpfs -o size=4k,uid=1000,gid=1000,mode=700 none $ALICE/.cache
  alice mkdir $ALICE/$CACHE
  ! alice dd if=/dev/zero of=$ALICE/.cache/full bs=4k count=2 2> /dev/null || fail "it is not full"
  chown 1000:1000 /run/user/1000; chmod 700 /run/user/1000
  settle
  expect_starts 1 is anna alice $P
  expect_starts 0 is anna alice $P
  [ "$(ls $ALICE/$CACHE)" = "" ] || fail "$(ls $ALICE/$CACHE)"
  rm -r /run/user/1000/binfmt-dispatcher
  mount -t tmpfs -o ro,uid=1000,gid=1000,mode=700 none /run/user/1000
  for turn in 1 2; do expect_starts 1 is anna alice $P; done
  said=$(alice binfmt-dispatcher explain $P)
  for why in "$ALICE/$CACHE: no space left on the device" \\
    "/run/user/1000/binfmt-dispatcher: the file system is read-only"; do
    case $said in *"$why"*) ;; *) fail "without “$why”: $said";; esac
  done`,
);
