/**
 * A private screen, for tests and pictures of windows: an X server in memory, a window manager, and
 * a home for the programs. Nothing of it reaches the user's own screen.
 */
import { dirname } from "@std/path";
import type { CommandLine } from "../lib/install/command_line.ts";

/** Milliseconds after which waiting is given up; machines can be slow. */
const PATIENCE = 60_000;

/** Milliseconds between two polls. */
const PAUSE = 50;

/** A program's environment; without a session bus nothing is started that outlives the screen. */
function environment(directory: string, display: string): Record<string, string> {
  return {
    PATH: "/usr/bin:/bin",
    TMPDIR: Deno.env.get("TMPDIR") ?? "/tmp",
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    DISPLAY: display,
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    NO_AT_BRIDGE: "1",
  };
}

/** Polls until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** A program with windows on the screen. */
export class Shown {
  readonly #screen: Screen;
  readonly #child: Deno.ChildProcess;
  #status: Deno.CommandStatus | undefined;

  constructor(screen: Screen, child: Deno.ChildProcess) {
    this.#screen = screen;
    this.#child = child;
    child.status.then((status) => this.#status = status);
  }

  get ended(): boolean {
    return this.#status !== undefined;
  }

  /** The windows that it shows now. */
  async windows(): Promise<Window[]> {
    const pid = String(this.#child.pid);
    const found = await this.#screen.xdotool("search", "--onlyvisible", "--pid", pid);
    return found.split("\n").filter((id) => id !== "").map((id) => new Window(this.#screen, id));
  }

  /** The window that it shows, as soon as there is one. */
  window(): Promise<Window> {
    return until("a window", async () => {
      if (this.ended) throw new Error(`It ended with ${this.#status!.code} and showed nothing`);
      return (await this.windows()).at(-1);
    });
  }

  /** Closes its standard input, as when its caller ends. */
  async release(): Promise<void> {
    await this.#child.stdin.close();
  }

  signal(name: Deno.Signal): void {
    if (!this.ended) this.#child.kill(name);
  }

  /** How it ends; an action is repeated until then, since the first may have come too early. */
  status(deed?: () => Promise<void>): Promise<Deno.CommandStatus> {
    let again = 0;
    return until("the end of a program", async () => {
      if (this.ended) return this.#status;
      if (deed !== undefined && Date.now() >= again) {
        await deed();
        again = Date.now() + 1000;
      }
    });
  }
}

/**
 * Positions are pixels from its top left corner, without its frame; negative ones from the
 * opposite.
 */
export class Window {
  readonly #screen: Screen;
  readonly id: string;

  constructor(screen: Screen, id: string) {
    this.#screen = screen;
    this.id = id;
  }

  async size(): Promise<readonly [number, number]> {
    const said = await this.#screen.xdotool("getwindowgeometry", "--shell", this.id);
    const value = (name: string) => Number(said.match(new RegExp(`^${name}=(\\d+)$`, "m"))?.[1]);
    return [value("WIDTH"), value("HEIGHT")];
  }

  async title(): Promise<string> {
    return (await this.#screen.xdotool("getwindowname", this.id)).replace(/\n$/, "");
  }

  async #move(x: number, y: number): Promise<string[]> {
    const [width, height] = await this.size();
    const place = [x < 0 ? width + x : x, y < 0 ? height + y : y].map(String);
    return ["mousemove", "--window", this.id, ...place];
  }

  async click(x: number, y: number): Promise<void> {
    await this.#screen.xdotool(...await this.#move(x, y), "click", "1");
  }

  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    await this.#screen.xdotool(
      ...[...await this.#move(...from), "mousedown", "1"],
      ...await this.#move(from[0] + 9, from[1] + 3),
      ...[...await this.#move(...to), "mouseup", "1"],
    );
  }

  /** Its content, without its frame, as a PNG; or a part of it. */
  picture(part?: { readonly width: number; readonly height: number }): Promise<Uint8Array> {
    const crop = part === undefined ? [] : ["-crop", `${part.width}x${part.height}+0+0`];
    return this.#screen.run("import", ["-window", this.id, ...crop, "+repage", "-strip", "png:-"]);
  }
}

export class Screen {
  readonly directory: string;
  readonly #environment: Record<string, string>;
  readonly #server: Deno.ChildProcess;
  readonly #shown: { readonly program: Shown; readonly child: Deno.ChildProcess }[] = [];
  #manager: Deno.ChildProcess | undefined;

  private constructor(directory: string, server: Deno.ChildProcess, display: string) {
    this.directory = directory;
    this.#server = server;
    this.#environment = environment(directory, display);
  }

  /** Variables that lead a program to it. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** With files in its home, by their paths there. The server chooses a free number. */
  static async open(files: Readonly<Record<string, string>> = {}): Promise<Screen> {
    const directory = await Deno.makeTempDir({ prefix: "screen-" });
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${directory}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${directory}/${path}`, text);
    }
    // Without -noreset the server resets when its last client leaves: it would drop a window
    // manager that connects at that moment. Xserver(1)
    const server = new Deno.Command("Xvfb", {
      args: ["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", "1280x800x24"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let number = "";
    for await (const bytes of server.stdout) {
      number += new TextDecoder().decode(bytes);
      if (number.endsWith("\n")) break;
    }
    const screen = new Screen(directory, server, `:${number.trim()}`);
    try {
      screen.#manager = screen.#command("openbox", [], { stdin: "null" }).spawn();
      await until("the window manager", async () => {
        const desktops = await screen.xdotool("get_num_desktops");
        return /^\d+$/m.test(desktops) ? true : undefined;
      });
    } catch (error) {
      await screen[Symbol.asyncDispose]();
      throw error;
    }
    return screen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { program, child } of this.#shown) {
      program.signal("SIGKILL");
      await child.status;
      await child.stdin.close().catch(() => {});
    }
    for (const child of [this.#manager, this.#server]) {
      try {
        child?.kill("SIGTERM");
      } catch { /* it has ended */ }
      await child?.status;
    }
    await Deno.remove(this.directory, { recursive: true });
  }

  #command(program: string, args: readonly string[], options: Deno.CommandOptions) {
    const env = { ...this.#environment, ...options.env };
    const quiet = { clearEnv: true, stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, { ...quiet, ...options, args: [...args], env });
  }

  /** Starts a program as the dispatcher does. */
  async show(command: CommandLine, path = command.path): Promise<Shown> {
    const { args, env = {} } = command;
    const child = this.#command(path, args, { env, stdin: "piped" }).spawn();
    const program = new Shown(this, child);
    this.#shown.push({ program, child });
    if (command.stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(command.stdin));
      writer.releaseLock();
    }
    if (!command.stdinHeld) await child.stdin.close();
    return program;
  }

  /** What a program prints; empty if it fails. */
  async run(program: string, args: readonly string[]): Promise<Uint8Array> {
    const command = this.#command(program, args, { stdin: "null", stdout: "piped" });
    const { success, stdout } = await command.output();
    return success ? stdout : new Uint8Array();
  }

  /** The windows of a program by its name, whoever started it. */
  async windowsOf(program: string): Promise<Window[]> {
    const found = await this.xdotool("search", "--onlyvisible", "--class", `^${program}$`);
    return found.split("\n").filter((id) => id !== "").map((id) => new Window(this, id));
  }

  async xdotool(...args: readonly string[]): Promise<string> {
    return new TextDecoder().decode(await this.run("xdotool", args));
  }

  /** Keys as X names them: Return, alt+F4. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.xdotool("key", "--clearmodifiers", ...keys);
  }

  /** The clipboard's text, if any. */
  async clipboard(): Promise<string> {
    const args = ["-o", "-selection", "clipboard", "-target", "UTF8_STRING"];
    return new TextDecoder().decode(await this.run("xclip", args));
  }
}
