/**
 * A directory with a handler, an interpreter that reports what it was given, and a resolver that
 * prints the route table of the test's configuration. The test starts the handler as the kernel
 * would.
 */
import { exists } from "../../tasks/exists.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { render } from "../../lib/failure.ts";
import { buildHandler } from "../../tasks/handler_code.ts";
import type { HandlerOptions } from "../../lib/handler/image.ts";
import type { Host } from "../../lib/native/language.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { asUser, isolated } from "../become.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf, parseReport, type Report, reporter } from "../programs.ts";

export const HOST = Deno.build.arch as Host;

export const PAGE_SIZE = new RealEnvironment("").pageSize();
/** A page size that this machine's kernel does not have. */
export const OTHER_PAGE_SIZE = PAGE_SIZE === 4096 ? 16384 : 4096;

export interface Started {
  readonly status: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the interpreter was given, if it was started. */
  readonly report: Report | undefined;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** As root, with an empty /run if possible; needs the ability “a way to be root”. */
  readonly isolated?: boolean;
  /** As a user other than root, whose home is HOME; needs the ability “a way to be a user”. */
  readonly asUser?: boolean;
}

export const PROBE = `[defaults]
interpreter = "probe"
[interpreters.probe]
path = "$/interpreter"
machines = ["riscv64"]`;

/** What else the handler is built with. */
export type StageOptions = Pick<HandlerOptions, "fallbacks">;

export class Stage {
  readonly directory = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "stage-" }));
  /** A riscv64 program of nothing but an ELF header. */
  readonly program: string;

  /** In `toml`, $ is the stage's directory. The interpreter that reports is $/interpreter. */
  constructor(toml: string = PROBE, options: StageOptions = {}) {
    Deno.mkdirSync(`${this.directory}/tables`, { mode: 0o755 });
    Deno.mkdirSync(`${this.directory}/home`);
    this.program = this.write("program", headersOf("riscv64"), 0o755);
    this.write("interpreter", reporter(HOST), 0o755);
    this.configure(toml);
    this.resolveAfter("");
    const image = buildHandler({
      host: HOST,
      resolver: `${this.directory}/resolver`,
      tables: `${this.directory}/tables`,
      symbols: true,
      ...options,
    });
    this.write("handler", image, 0o755);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  path(name: string): string {
    return `${this.directory}/${name}`;
  }

  write(name: string, content: string | Uint8Array, mode = 0o644): string {
    const path = this.path(name);
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    Deno.chmodSync(path, mode);
    return path;
  }

  /** Makes a resolver that runs this in sh, then prints the table. */
  resolveAfter(script: string): void {
    const text = `#!/bin/sh\n${script}\nexec cat ${this.path("table")}\n`;
    this.write("resolver", text, 0o755);
  }

  /** Makes a resolver that counts its starts, and gives a function that tells how many. */
  countResolves(): () => number {
    const log = this.write("log", "");
    this.resolveAfter(`echo >> ${log}`);
    return () => Deno.statSync(log).size;
  }

  /** Waits until all files are too old to share a timestamp with a later change. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 40));
  }

  /** Answers as muvm's server would; the directory is for XDG_RUNTIME_DIR. Close it at the end. */
  answerAsMuvm(): { readonly runtime: string; readonly [Symbol.dispose]: () => void } {
    const runtime = this.path("runtime");
    Deno.mkdirSync(`${runtime}/krun`, { recursive: true });
    const listener = Deno.listen({ transport: "unix", path: `${runtime}/krun/server` });
    return { runtime, [Symbol.dispose]: () => listener.close() };
  }

  /** Replaces the resolver's table by another configuration's, with these sources too. */
  configure(toml: string, sources: readonly string[] = []): void {
    const text = toml.replaceAll("$", this.directory);
    const environment = new FakeEnvironment({ files: { "/etc/binfmt-dispatcher.toml": text } });
    const effective = loadConfig(environment, { user: false });
    const all = [...effective.sources, ...sources];
    const present = new Set(all.filter(exists));
    const compiled = compileRoutes({ ...effective, sources: all, present });
    if (!compiled.ok) throw new Error(render(compiled.failure));
    this.write("table", compiled.value.table);
  }

  /** Starts the handler with this command line after its own name. */
  async handle(argv: readonly string[], options: StartOptions = {}): Promise<Started> {
    const within = [
      ...(options.isolated ? isolated() : []),
      ...(options.asUser ? asUser(this.directory) : []),
    ];
    const command = [...within, this.path("handler"), ...argv];
    const { code, signal, stdout, stderr } = await new Deno.Command(command[0]!, {
      args: command.slice(1),
      clearEnv: true,
      env: {
        HOME: this.path("home"),
        ...(within.length > 0 ? { PATH: "/usr/bin:/bin" } : {}),
        ...options.env,
      },
      cwd: options.cwd ?? this.directory,
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    const said = text.decode(stdout);
    const report = said.includes("\x1e\0") ? parseReport(said) : undefined;
    return { status: code, signal, stdout: said, stderr: text.decode(stderr), report };
  }
}
