/** `./dev pictures`: takes the pictures in docs/pictures/, with the desktops' fonts and icons. */
import type { DialogProgram } from "../lib/install/dialogs/dialog.ts";
import { kdialog } from "../lib/install/dialogs/kdialog.ts";
import { zenity } from "../lib/install/dialogs/zenity.ts";
import { ADMIN_LAYER, LINES } from "../lib/paths.ts";
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { say } from "./say.ts";
import { Screen, type Shown, until, type Window } from "./screen.ts";
import { ROOT } from "./start.ts";
import { World } from "./world.ts";

const FOREIGN = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";

const DIRECTORY = `${ROOT}/docs/pictures`;

/** The question in the pictures. */
const QUESTION = {
  title: "Install FEX?",
  text: "“game” is made for x86_64 computers. To run it here, FEX is needed: fex-emu, " +
    "fex-emu-rootfs-fedora (120 MB, with dnf). You will be asked for an administrator's password.",
  yes: "Install",
  no: "Cancel",
};

/** A desktop's dialog program, files in the home directory, and variables. */
interface Desktop {
  readonly dialog: DialogProgram;
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The window manager's frame. */
function frame(theme: string): Record<string, string> {
  const space = 'xmlns="http://openbox.org/3.4/rc"';
  const font = '<font place="ActiveWindow"><name>Noto Sans</name><size>10</size></font>';
  const text = `<theme><name>${theme}</name>${font}</theme>`;
  return { ".config/openbox/rc.xml": `<openbox_config ${space}>${text}</openbox_config>\n` };
}

async function desktops(): Promise<Record<string, Desktop>> {
  const colours = await Deno.readTextFile("/usr/share/color-schemes/BreezeLight.colors");
  return {
    zenity: {
      dialog: zenity,
      files: {
        ...frame("Clearlooks-3.4"),
        ".config/gtk-3.0/settings.ini":
          "[Settings]\ngtk-icon-theme-name=Adwaita\ngtk-font-name=Noto Sans 11\n",
      },
      env: {},
    },
    kdialog: {
      dialog: kdialog,
      files: {
        ...frame("Breeze-ob"),
        ".config/kdeglobals": `${colours}\n[General]\nfont=Noto Sans,10\n[Icons]\nTheme=breeze\n`,
      },
      env: { QT_STYLE_OVERRIDE: "Breeze", XDG_CURRENT_DESKTOP: "KDE", KDE_SESSION_VERSION: "5" },
    },
  };
}

/** Problems for doctor: a newer entry, and a faulty layer. */
const TROUBLE = `
cd /proc/sys/fs/binfmt_misc
line=$(grep ^: ${LINES}/${FOREIGN}.conf); line=\${line#:*:}
printf %s ":another-emulator:\${line%%:/*}:/usr/bin/true:" >register
script -qec 'binfmt-dispatcher doctor entries competitors layers tables' /dev/null
`;

/** A terminal in which doctor has found something. */
async function doctor(screen: Screen): Promise<Shown> {
  using world = new World();
  world.install([FOREIGN]);
  world.file(ADMIN_LAYER, '[binaries.game]\npath = "/opt/game"\ninterpretr = "qemu"\n');
  const { stdout } = await world.run(["sh", "-c", TROUBLE], { env: { TERM: "xterm" } });
  const text = `${screen.directory}/doctor`;
  await Deno.writeTextFile(
    text,
    `$ binfmt-dispatcher doctor entries competitors layers tables\n${stdout}`,
  );
  const looks = [
    "-u8",
    "-fa",
    "Noto Sans Mono",
    "-fs",
    "10",
    "-geometry",
    "128x20",
    "-T",
    "doctor",
  ];
  const command = ["sh", "-c", 'cat "$0"; tput civis; exec sleep 60', text];
  return await screen.show({
    path: "/usr/bin/xterm",
    env: { LC_ALL: "C.UTF-8" },
    args: [...looks, "-bg", "white", "-fg", "#202020", "+sb", "-e", ...command],
  });
}

/** A window with its frame, once it no longer changes. */
async function framed(screen: Screen, { id }: Window): Promise<Uint8Array> {
  let before = "";
  return await until("a picture that stays the same", async () => {
    const now = await screen.run("import", ["-frame", "-window", id, "png:-"]);
    const same = now.length > 0 && now.toBase64() === before;
    before = now.toBase64();
    return same ? now : undefined;
  });
}

/** The same with some background around it, in few colours. */
async function picture(screen: Screen, window: Window): Promise<Uint8Array> {
  const file = `${screen.directory}/window.png`;
  await Deno.writeFile(file, await framed(screen, window));
  const border = ["-bordercolor", "#3d5a80", "-border", "24"];
  const small = ["-strip", "+dither", "-colors", "255", "png8:-"];
  return await screen.run("convert", [file, ...border, ...small]);
}

async function keep(name: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(`${DIRECTORY}/${name}.png`, bytes);
  say(`docs/pictures/${name}.png (${bytes.length} bytes)`);
}

if (!await install("pictures") || !(isCurrent() || await compile())) Deno.exit(1);
await Deno.mkdir(DIRECTORY, { recursive: true });
for (const [name, { dialog, files, env }] of Object.entries(await desktops())) {
  await using screen = await Screen.open(files);
  const command = dialog.question(QUESTION);
  const shown = await screen.show({ ...command, env: { ...command.env, ...env } });
  await keep(`question-${name}`, await picture(screen, await shown.window()));
}
await using screen = await Screen.open(frame("Clearlooks-3.4"));
await keep("doctor", await picture(screen, await (await doctor(screen)).window()));
