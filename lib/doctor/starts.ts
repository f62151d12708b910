/** Tries real starts, each without privileges, input and output, and with a time limit. */
import type { Tried } from "../environment.ts";
import type { Result } from "../failure.ts";
import { RESOLVER } from "../paths.ts";
import { bad, check, good, REINSTALL, unknown } from "./check.ts";
import { errnoWords } from "../errno_words.ts";
import { targetOf } from "./targets.ts";

const ENOEXEC = 8;
const ENOENT = 2;
const EACCES = 13;

/** Why a start failed; undefined if it succeeded. */
function ending({ errno, status, signal }: Tried): string | undefined {
  if (errno !== 0) return `it cannot be started: ${errnoWords(errno)}`;
  if (signal === "SIGALRM") return "it does not exit";
  if (signal !== null) return `it is killed by ${signal}`;
  return status === 0 ? undefined : `it exits with status ${status}`;
}

function whyNot(tried: Result<Tried>): string | undefined {
  return tried.ok ? ending(tried.value) : tried.failure.why;
}

export const resolver = check(["resolver"], ({ resolver: { file, stripped, tried } }) => {
  if (file === "absent") return [bad(`${RESOLVER} is not installed`, REINSTALL)];
  const why = whyNot(tried);
  if (why === undefined) return [good(`${RESOLVER} starts`)];
  if (stripped) {
    const seen = `${RESOLVER} was stripped: the code that Deno appended to it is gone`;
    return [bad(seen, `${REINSTALL}, from a package that is not stripped`)];
  }
  if (!tried.ok) return [unknown(`it could not be tested: ${why}`)];
  return [bad(`${RESOLVER}: ${why}`, `To see why: ${RESOLVER} --version`)];
});

export const start = check(["starts", "config"], ({ starts, config: { config } }) => {
  if (starts.length === 0) return [unknown("no machine is enabled, and none is registered")];
  return starts.map(({ entry, tried }) => {
    if (tried === undefined) {
      return unknown(`${entry}: not tested, because it is recognised by file name`);
    }
    const why = whyNot(tried);
    if (why === undefined) return good(`${entry}: the handler answers`);
    if (!tried.ok) return unknown(`${entry}: it could not be tested: ${why}`);
    const { errno } = tried.value;
    if (errno === EACCES) {
      const which = "the interpreter, or anything in memory (vm.memfd_noexec)";
      return unknown(`${entry}: this user may not execute ${which}`);
    }
    const enable = `binfmt-dispatcher enable ${targetOf(entry, config)?.name}`;
    if (errno === ENOEXEC) {
      return bad(`${entry}: the kernel does not recognise such programs`, enable);
    }
    if (errno === ENOENT) return bad(`${entry}: its interpreter is missing`, enable);
    return bad(
      `${entry}: the kernel does not start this version of the handler: ${why}`,
      enable,
    );
  });
});

export const muvmStart = check(["machine"], ({ machine }) => {
  if (machine.ok) return [good("the virtual machine runs")];
  const { why, hint } = machine.failure;
  return [bad(why, ...(hint === undefined ? [] : [hint]))];
});
