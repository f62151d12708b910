import { assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { FakeEnvironment } from "../fake_environment.ts";

/** How jars are recognised with these layers, the lowest first, and the errors and warnings. */
function recognised(...layers: readonly string[]) {
  const paths = ["/usr/lib/binfmt-dispatcher.d/a.toml", "/etc/binfmt-dispatcher.d/b.toml"];
  const all = [...paths, "/etc/binfmt-dispatcher.toml"];
  const files = Object.fromEntries(
    layers.map((keys, i) => [all[i]!, `[formats.jar]\n${keys}\n`]),
  );
  const loaded = loadConfig(new FakeEnvironment({ files }), { user: false });
  const { extension, magic, mask, offset } = loaded.config.formats.get("jar") ?? {};
  const bytes = (each?: Uint8Array) => each && new TextDecoder("latin1").decode(each);
  const wrong = loaded.diagnostics().map(({ file, message }) => `${file}: ${message}`);
  return [extension ?? [bytes(magic), bytes(mask), offset], ...wrong];
}

const B = "/etc/binfmt-dispatcher.d/b.toml";

Deno.test("chooseFormats() takes the higher layer's extension or magic as a whole", () => {
  assertEquals(recognised("extension = 'jar'", "magic = 'PK'"), [["PK", "ÿÿ", 0]]);
  assertEquals(recognised("magic = 'PK'\nmask = 'ab'\noffset = 4", "extension = 'jar'"), [
    "jar",
  ]);
  const three = ["magic = 'PK'\nmask = 'ab'\noffset = 4", "extension = 'x'", "magic = 'J'"];
  assertEquals(recognised(...three), [["J", "ÿ", 0]]);
  assertEquals(recognised(three[0]!, "magic = 'J'"), [["J", "ÿ", 0]]);
  assertEquals(recognised("magic = 'PK'", "offset = 4"), [["PK", "ÿÿ", 4]]);
});

Deno.test("chooseFormats() keeps the lower layer's if the higher one's is invalid", () => {
  assertEquals(recognised("extension = 'jar'", "magic = 'PK'\nmask = 'a'"), [
    "jar",
    `${B}: the mask and the magic differ in length: 2 bytes, ignoring it`,
  ]);
  assertEquals(recognised("extension = 'jar'", "magic = 'PK'\nextension = 'x'"), [
    "jar",
    `${B}: the format has both extension and magic, expected only one, ignoring it`,
  ]);
  assertEquals(recognised("magic = 'PK'", "offset = 255"), [
    ["PK", "ÿÿ", 0],
    `${B}: the magic extends beyond the first 256 bytes, ignoring it`,
  ]);
});
