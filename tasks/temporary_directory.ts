/**
 * Works in a temporary directory, given by its real path, and removes it; creates `dir`, its
 * parent, if that is absent.
 */
export async function inTemporaryDirectory<T>(
  work: (directory: string) => T | Promise<T>,
  options: { readonly dir?: string } = {},
): Promise<T> {
  if (options.dir !== undefined) await Deno.mkdir(options.dir, { recursive: true });
  const directory = await Deno.realPath(await Deno.makeTempDir(options));
  try {
    return await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
