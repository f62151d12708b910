import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  isGroup,
  isPackageName,
  isPlainPath,
  packageArguments,
} from "../../../lib/install/managers/package_name.ts";

Deno.test("isPackageName() takes names as distributions have them", () => {
  for (
    const name of [
      ...[
        "fex-emu",
        "FEX-Emu",
        "libstdc++6",
        "g++",
        "libc6-amd64-cross",
        "python3.11",
        "libc6:i386",
      ],
      ...["qemu-user-static-x86", "glibc.i686", "mesa_x", "@x86-emulation", "7zip"],
    ]
  ) assert(isPackageName(name), name);
});

Deno.test("isPackageName() takes no option, path, pattern, removal or file", () => {
  for (
    const text of [
      ...["", "-y", "--root=/", "/tmp/x.rpm", "./x.deb", "x/y", "a b", "a,b", "a=1", "a*", "a?"],
      ...[
        "[a]",
        "~a",
        "!a",
        "+a",
        "a\n",
        "a\0",
        "@",
        "@-x",
        "box64-",
        "evil.rpm",
        "é",
        "a;b",
        "$a",
      ],
      ...["http://x", "a{b}", "^a", "a^"],
    ]
  ) assert(!isPackageName(text), JSON.stringify(text));
});

Deno.test("packageArguments() passes names on, and throws at anything else", () => {
  assertEquals(packageArguments(["a", "b"]), ["a", "b"]);
  assertThrows(() => packageArguments([]), Error, "there are none");
  assertThrows(() => packageArguments(["a", "--root"]), Error, "“--root”");
});

Deno.test("isGroup() knows dnf's groups", () => {
  assertEquals(["@x86-emulation", "x86"].map(isGroup), [true, false]);
});

Deno.test("isPlainPath() takes absolute paths without patterns and commas", () => {
  const plain = ["/lib64/ld-linux-x86-64.so.2", "/usr/lib/ld-musl_x+.so"];
  assertEquals(plain.map(isPlainPath), [true, true]);
  const others = ["", "/", "a/b", "/a*", "/a,b", "/a[b]", "/a b", "/a\n", "--file=/a", "/a//b"];
  assertEquals(others.filter(isPlainPath), []);
});
