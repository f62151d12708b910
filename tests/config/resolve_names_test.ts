import { assertEquals } from "@std/assert";
import { diagnosticLines, load } from "./load_config.ts";

const FEX = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';

Deno.test("resolveNames() drops unknown interpreters from lists and keeps the others", () => {
  const loaded = load(
    FEX,
    '[defaults]\ninterpreter = ["fxe", "fex"]\n[machines.arm]\ninterpreter = "fex"',
  );
  assertEquals(loaded.config.defaults.interpreter, ["fex"]);
  assertEquals(loaded.config.machines.get("arm"), ["fex"]);
  assertEquals(diagnosticLines(loaded), [
    "binfmt-dispatcher.toml:2: defaults.interpreter[0]: “fxe” is not a known interpreter, " +
    "ignoring it (did you mean “fex”?)",
  ]);
});

Deno.test("resolveNames() keeps the lower layer's list if no name is known", () => {
  const loaded = load(
    FEX + '[defaults]\ninterpreter = "fex"',
    '[defaults]\ninterpreter = ["a", "b"]',
  );
  assertEquals(loaded.config.defaults.interpreter, ["fex"]);
});

Deno.test("resolveNames() accepts an empty list", () => {
  const loaded = load(FEX + '[defaults]\ninterpreter = "fex"', "[defaults]\ninterpreter = []");
  assertEquals(loaded.config.defaults.interpreter, []);
});

Deno.test("resolveNames() knows the interpreters of every layer, even higher ones", () => {
  const loaded = load('[defaults]\ninterpreter = "fex"', FEX);
  assertEquals(loaded.config.defaults.interpreter, ["fex"]);
  assertEquals(diagnosticLines(loaded), []);
});

Deno.test("resolveNames() accepts machines and formats, and knows Debian's names", () => {
  const text = '[formats.windows]\nmagic = "MZ"\n[interpreters.w]\npath = "/w"\n';
  const loaded = load(`${text}machines = ["windows", "arm64", "x86_64", "risc64"]`);
  assertEquals(loaded.config.interpreters.get("w")?.machines, ["windows", "x86_64"]);
  assertEquals(diagnosticLines(loaded), [
    "a.toml:5: interpreters.w.machines[1]: “arm64” is not a known machine or format, ignoring it " +
    "(did you mean “aarch64”?)",
    "a.toml:5: interpreters.w.machines[3]: “risc64” is not a known machine or format, ignoring " +
    "it (did you mean “riscv64”?)",
  ]);
});

Deno.test("resolveNames() refuses unknown machines, and formats named as one", () => {
  const loaded = load(
    FEX + '[machines.amd64]\ninterpreter = "fex"\n[formats.arm]\nmagic = "a"\noffset = 1',
  );
  assertEquals(loaded.config.machines.size + loaded.config.formats.size, 0);
  assertEquals(diagnosticLines(loaded), [
    "a.toml:3: machines.amd64: “amd64” is not a known machine (did you mean “x86_64”?)",
    "a.toml:5: formats.arm: “arm” is the name of a machine, so a format cannot use it",
  ]);
});
