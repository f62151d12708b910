import { assertEquals } from "@std/assert";
import { OfferStage } from "./offer_stage.ts";

Deno.test("percent: what `install` is given decodes to the program's path", async () => {
  using stage = new OfferStage("exit 126");
  const name = "a b%c\n'\"$ä€\u{1f600}~-_.";
  Deno.renameSync(stage.program, stage.path(name));
  const path = stage.write("path", stage.path(name));
  await stage.sh(`$H "$(cat ${path}; echo .)" || $H "$(cat ${path})"`);
  const started = stage.asked.map((line) => decodeURIComponent(line.split("=").at(-1)!));
  assertEquals(started, [stage.path(name)]);
});

Deno.test("percent: bytes that are not UTF-8 are preserved, and the result is ASCII", async () => {
  using stage = new OfferStage("exit 126");
  await stage.sh('n=$(printf "x\\377\\200"); cp $P $D/$n; $H $D/$n');
  assertEquals(stage.asked[0]?.split("/").at(-1), "x%FF%80");
});
