import { fetchSource } from "./debian_packages.ts";

/** A real AppImage of type 2, by its name: libappimage is tested with some. */
export async function appImage(name: string): Promise<string> {
  return `${await fetchSource("libappimage", "trixie")}/tests/data/${name}.AppImage`;
}
