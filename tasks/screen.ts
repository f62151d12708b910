/**
 * A private screen for tests and pictures: an X server in memory, a window manager, and a home
 * directory. Nothing appears on the user's screen.
 */
import { dirname } from "@std/path";
import type { CommandLine } from "../lib/install/command_line.ts";

/** Milliseconds to wait for anything; machines can be slow. */
const PATIENCE = 60_000;

/** Milliseconds between two polls. */
const PAUSE = 50;

/** A program's environment. Without a session bus, nothing starts that outlives the screen. */
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
  throw new Error(`Timed out waiting for ${what}`);
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

  /** The windows that are visible now. */
  async windows(): Promise<Window[]> {
    const pid = String(this.#child.pid);
    const found = await this.#screen.xdotool("search", "--onlyvisible", "--pid", pid);
    return found.split("\n").filter((id) => id !== "").map((id) => new Window(this.#screen, id));
  }

  /** Waits for a window. */
  window(): Promise<Window> {
    return until("a window", async () => {
      if (this.ended) {
        throw new Error(`It exited with status ${this.#status!.code} without a window`);
      }
      return (await this.windows()).at(-1);
    });
  }

  /** Closes its standard input, as if its parent exited. */
  async release(): Promise<void> {
    await this.#child.stdin.close();
  }

  signal(name: Deno.Signal): void {
    if (!this.ended) this.#child.kill(name);
  }

  /** Waits for the exit. `deed` is repeated until then, because the first time may be too early. */
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

/** Positions are pixels from the top left corner inside the frame; negative from the opposite. */
export class Window {
  readonly #screen: Screen;
  readonly id: string;

  constructor(screen: Screen, id: string) {
    this.#screen = screen;
    this.id = id;
  }

  async size(): Promise<readonly [number, number]> {
    const output = await this.#screen.xdotool("getwindowgeometry", "--shell", this.id);
    const value = (name: string) => Number(output.match(new RegExp(`^${name}=(\\d+)$`, "m"))?.[1]);
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

  /** A PNG of the content without the frame, or of its top left part. */
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

  /** The variables by which a program uses this screen. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** Opens a screen with these files in its home directory. The server chooses a free number. */
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

  /** Starts a program as binfmt-dispatcher does. */
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

  /** The standard output of a program; empty if it fails. */
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
