import { fetchSource } from "./debian_packages.ts";

/** The path of a real AppImage of type 2, one of libappimage's test files. */
export async function appImage(name: string): Promise<string> {
  return `${await fetchSource("libappimage", "trixie")}/tests/data/${name}.AppImage`;
}
