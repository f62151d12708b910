/** `./dev screencast`: records the output of `./dev demo` in docs/demo.cast, for asciinema. */
import { say } from "./say.ts";
import { capture, ROOT } from "./start.ts";

export const CAST = "docs/demo.cast";

/** Seconds between two lines, and after an empty one. */
const PAUSE = { line: 0.1, paragraph: 1 };

/** The output of `./dev demo`, with a fixed directory for the World. */
export async function demonstration(): Promise<string> {
  const { success, text } = await capture([`${ROOT}/dev`, "demo"], { env: { NO_COLOR: "1" } });
  if (!success) throw new Error(`./dev demo failed:\n${text}`);
  // The output of a build before it is left out.
  const shown = text.slice(text.indexOf("1. A program"));
  return `$ ./dev demo\n${shown.replaceAll(/\/[\w\/.-]+\/world-\w+/g, "/tmp/world")}`;
}

/** As asciicast: https://docs.asciinema.org/manual/asciicast/v2/ */
export function castOf(text: string): string {
  const header = { version: 2, width: 100, height: 40, title: "binfmt-dispatcher: ./dev demo" };
  let time = 0;
  const events = text.trimEnd().split("\n").map((line) => {
    time += line.trim() === "" ? PAUSE.paragraph : PAUSE.line;
    return [Number(time.toFixed(1)), "o", `${line}\r\n`];
  });
  return [header, ...events].map((each) => `${JSON.stringify(each)}\n`).join("");
}

/** The text of a recording. */
export function textOf(cast: string): string {
  const [, ...events] = cast.trimEnd().split("\n").map((line) => JSON.parse(line));
  return events.map(([, , text]) => text.replace("\r\n", "\n")).join("");
}

if (import.meta.main) {
  await Deno.writeTextFile(`${ROOT}/${CAST}`, castOf(await demonstration()));
  say(CAST);
}
