import { assertEquals } from "@std/assert";
import { percentEncode } from "../../../lib/handler/system/percent.ts";
import { OfferStage } from "./offer_stage.ts";
import { bytesOf, textOf } from "./world.ts";

Deno.test("percentEncode() keeps the slash and what RFC 3986 calls unreserved", () => {
  const all = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
  const expected = Array.from(all, (byte) => {
    const letter = String.fromCharCode(byte);
    const digits = byte.toString(16).toUpperCase().padStart(2, "0");
    return /[A-Za-z0-9._~/-]/.test(letter) ? letter : `%${digits}`;
  });
  assertEquals(textOf(percentEncode(all)), expected.join(""));
});

Deno.test("percentEncode() is undone by decodeURIComponent()", () => {
  const path = "/a b%c\n'\"$ä€\u{1f600}~-_.";
  assertEquals(decodeURIComponent(textOf(percentEncode(bytesOf(path)))), path);
});

Deno.test("percentEncode() encodes the longest path, and cuts longer ones between bytes", () => {
  assertEquals(percentEncode(new Uint8Array(4096).fill(0xff)).length, 3 * 4096);
  const cut = textOf(percentEncode(new Uint8Array(5000).fill(0xff)));
  assertEquals(cut, "%FF".repeat(4096));
});

Deno.test("install gets the program's path percent-encoded", async () => {
  using stage = new OfferStage("exit 126");
  const name = "a b%c\n'\"$ä€\u{1f600}~-_.";
  Deno.renameSync(stage.program, stage.path(name));
  const path = stage.write("path", stage.path(name));
  await stage.sh(`$H "$(cat ${path}; echo .)" || $H "$(cat ${path})"`);
  const started = stage.asked.map((line) => decodeURIComponent(line.split("=").at(-1)!));
  assertEquals(started, [stage.path(name)]);
});

Deno.test("install gets bytes that are not UTF-8 as ASCII", async () => {
  using stage = new OfferStage("exit 126");
  await stage.sh('n=$(printf "x\\377\\200"); cp $P $D/$n; $H $D/$n');
  assertEquals(stage.asked[0]?.split("/").at(-1), "x%FF%80");
});
