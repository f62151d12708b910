const CACHE = new URL("../../.cache/", import.meta.url).pathname;
const REQUIREMENTS = new URL("requirements.txt", import.meta.url).pathname;

/**
 * The path of a Deno for aarch64 from its wheel, whose hash pip checks. It is fetched once;
 * afterwards no network is needed.
 */
export async function denoForAarch64(): Promise<string> {
  const pinned = await Deno.readFile(REQUIREMENTS);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pinned)).toHex();
  const directory = `${CACHE}deno-aarch64-${digest.slice(0, 12)}`;
  const program = `${directory}/bin/deno`;
  if (await Deno.stat(program).then(() => true, () => false)) return program;
  await Deno.mkdir(CACHE, { recursive: true });
  const unpacked = await Deno.makeTempDir({ dir: CACHE });
  const options = [
    ...["--quiet", "--disable-pip-version-check", "--root-user-action", "ignore", "--no-deps"],
    ...["--only-binary", ":all:", "--platform", "manylinux_2_27_aarch64", "--require-hashes"],
  ];
  const { success, stderr } = await new Deno.Command("pip3", {
    args: ["install", ...options, "--requirement", REQUIREMENTS, "--target", unpacked],
    stdin: "null",
  }).output();
  if (!success) {
    await Deno.remove(unpacked, { recursive: true });
    throw new Error(`Cannot fetch Deno for aarch64:\n${new TextDecoder().decode(stderr)}`);
  }
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.rename(unpacked, directory);
  return program;
}
