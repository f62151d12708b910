/** The layers that apply, in order, and the table of each. */
import { parse } from "@std/toml";
import { byteText } from "../routes/byte_text.ts";
import {
  directory,
  type Files,
  type LayerFile,
  ownHome,
  plain,
  type World,
  xdgDirectory,
} from "./world.ts";

type Table = Readonly<Record<string, unknown>>;

const VENDOR = "/usr/lib/binfmt-dispatcher.d";
const ADMIN = "/etc/binfmt-dispatcher.d";
const MAIN = "/etc/binfmt-dispatcher.toml";

/** The path of the user's layer; undefined if there is none, as in a privileged start. */
export function userLayer(world: World): string | undefined {
  const moved = xdgDirectory(world, "XDG_CONFIG_HOME");
  const own = moved ?? ownHome(world);
  if (own === undefined || isExchangeable(own, world)) return undefined;
  const home = world.euid === 0 ? "/root" : directory(world, "HOME");
  const config = moved ?? `${home}/.config`;
  return plain(`${config}/binfmt-dispatcher/binfmt-dispatcher.toml`);
}

/** Can another user write it or a directory above it? */
function isExchangeable(path: string, { shared }: World): boolean {
  const names = path.split("/");
  return names.some((_, i) => shared.has(names.slice(0, i + 1).join("/")));
}

/** The layers' tables; later ones win. */
export function tables(files: Files, user: string | undefined, euid: number): Table[] {
  const admin = namesIn(ADMIN, files);
  const vendor = namesIn(VENDOR, files).filter((name) => !admin.includes(name));
  const roots = [
    ...vendor.map((name) => `${VENDOR}/${name}`),
    ...admin.map((name) => `${ADMIN}/${name}`),
    MAIN,
  ].flatMap((path) => files.get(path) ?? []);
  const own = user === undefined ? undefined : files.get(user);
  const all = own !== undefined && isOnlyTheirs(own, euid) ? [...roots, own] : roots;
  return all.map(tableOf).filter((table) => table !== undefined);
}

function namesIn(directory: string, files: Files): string[] {
  return [...files.keys()].filter((path) => path.startsWith(`${directory}/`))
    .map((path) => path.slice(directory.length + 1))
    .filter((name) => name.endsWith(".toml") && !name.startsWith("."))
    .sort((a, b) => byteText(a) < byteText(b) ? -1 : 1);
}

/** Could only the effective user and root write it? */
function isOnlyTheirs({ uid, mode }: LayerFile, euid: number): boolean {
  return (uid === euid || uid === 0) && (mode & 0o022) === 0;
}

/** Undefined for a mask and for a file that is not a valid layer. */
function tableOf({ content, to_null }: LayerFile): Table | undefined {
  if (to_null || content.length === 0 || content.length > 1024 * 1024) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    const table = parsed(text) ?? parsed(withoutRepeats(text));
    return table !== undefined && depth(table) <= 8 ? table : undefined;
  } catch {
    return undefined; // it is not UTF-8
  }
}

function parsed(text: string): Table | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** The text without tables that repeat an earlier one word for word. */
function withoutRepeats(text: string): string {
  const tables = text.split(/^(?=\[)/m).map((table) => table.trim());
  return [...new Set(tables)].join("\n");
}

/** The depth of nested tables and lists. */
function depth(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof Date) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}
