import type { Variable } from "../native/program.ts";
import { EDGE, HEADER, RULE, STATE, TABLE_FLAG } from "../routes/format.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Variables } from "./environment.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Text } from "./text.ts";

const SLASH = 0x2f;
const TILDE = 0x7e;
/** Bytes of an offset in a table of offsets. */
const OFFSET_SIZE = 4;

/**
 * Finds the rule for the program's path, and the list of candidates that the rule has for the
 * program's row.
 */
export function findRule(
  s: State,
  m: Messages,
  access: TableAccess,
  text: Text,
  variables: Variables,
): void {
  const { code } = s;
  const rule = code.variable("rule");
  const automaton = defineAutomaton(s, access);
  const flags = code.variable("table_flags");
  access.number(flags, 0, HEADER.flags);
  code.do(flags, flags, "&", TABLE_FLAG.HOME_RULES);

  const subject = code.variable("subject");
  const length = code.variable("subject_length");
  const home = defineHome(s, m, text, variables);
  /**
   * rule = the first in order of precedence that matches, asked also about `~/…` where the path is
   * below HOME.
   */
  const match = code.procedure("match", [subject, length], () => {
    code.call(automaton.begin);
    code.call(automaton.feed, subject, length);
    code.call(automaton.end);
    code.set(rule, automaton.rule);
    code.if(flags, "==", 0, () => code.return());
    code.call(home.isAbove, subject, length);
    code.if(home.above, "==", 0, () => code.return());
    code.call(automaton.begin);
    code.call(automaton.feed, code.bytes(new Uint8Array([TILDE])), 1);
    code.do(subject, subject, "+", home.length);
    code.do(length, length, "-", home.length);
    code.call(automaton.feed, subject, length);
    code.call(automaton.end);
    code.if(automaton.rule, "!=", 0, () => {
      code.if(rule, "==", 0, () => code.set(rule, automaton.rule));
      code.if(automaton.rule, "<", rule, () => code.set(rule, automaton.rule));
    });
  });

  code.if(flags, "!=", 0, () => code.call(home.find));
  code.call(match, s.path, s.path_length);
  code.if(rule, "==", 0, () => {
    const byte = code.variable("rule_byte");
    const size = code.variable("rule_size");
    code.read(byte, 1, s.program);
    code.if(byte, "==", SLASH, () => {
      code.set(size, s.program);
      code.while(byte, "!=", 0, () => {
        code.do(size, size, "+", 1);
        code.read(byte, 1, size);
      });
      code.do(size, size, "-", s.program);
      code.call(match, s.program, size);
    });
  });
  takeList(s, access, rule);
}

/** list = what the rule has for the program's row. */
function takeList(s: State, access: TableAccess, rule: Variable): void {
  const { code } = s;
  const base = code.variable("rule_base");
  const choice = code.variable("choice");
  const rows = code.variable("rows");
  // That no rule matched is choice 0; it is not looked up, for a large table's rules are far away.
  code.set(choice, 0);
  code.if(rule, "!=", 0, () => {
    access.number(base, 0, HEADER.rules);
    code.do(rule, rule, "*", RULE.end);
    code.do(base, base, "+", rule);
    access.number(choice, base, RULE.choice);
  });
  access.number(rows, 0, HEADER.rows);
  code.do(choice, choice, "*", rows);
  code.do(choice, choice, "+", s.row);
  code.do(choice, choice, "*", OFFSET_SIZE);
  access.number(base, 0, HEADER.choices);
  code.do(base, base, "+", choice);
  access.number(s.list, base);
}

/**
 * The automaton: `begin`, `feed` bytes, `end`; then `rule` is the rule of the state it stopped in,
 * 0 for none.
 */
function defineAutomaton(s: State, access: TableAccess) {
  const { code } = s;
  const state = code.variable("state");
  const rule = code.variable("state_rule");
  const bytes = code.variable("feed_bytes");
  const size = code.variable("feed_size");
  const byte = code.variable("feed_byte");
  const edge = code.variable("edge");
  const n = code.variable("n_edges");
  const low = code.variable("edge_low");
  const high = code.variable("edge_high");

  const begin = code.procedure("automaton_begin", [], () => access.number(state, 0, HEADER.dfa));
  /** state = the next one, or 0. */
  const step = code.procedure("automaton_step", [byte], () => {
    access.number(n, state, STATE.n);
    code.do(edge, state, "+", STATE.edges);
    code.set(state, 0);
    code.while(n, "!=", 0, () => {
      access.number(high, edge, EDGE.range);
      code.do(low, high, "&", 0xff);
      // Edges are sorted: no later one can hold the byte.
      code.if(byte, "<", low, () => code.return());
      code.do(high, high, ">>", 8);
      code.if(byte, "<=", high, () => {
        access.number(state, edge, EDGE.next);
        code.return();
      });
      code.do(edge, edge, "+", EDGE.end);
      code.do(n, n, "-", 1);
    });
  });
  const feed = code.procedure("automaton_feed", [bytes, size], () => {
    code.while(size, "!=", 0, () => {
      code.if(state, "==", 0, () => code.return());
      code.read(byte, 1, bytes);
      code.call(step, byte);
      code.do(bytes, bytes, "+", 1);
      code.do(size, size, "-", 1);
    });
  });
  const end = code.procedure("automaton_end", [], () => {
    code.set(rule, 0);
    code.if(state, "!=", 0, () => access.number(rule, state, STATE.rule));
  });
  return { begin, feed, end, rule };
}

/** The canonical HOME: `find` it, then ask whether it `isAbove` a path. */
function defineHome(s: State, m: Messages, text: Text, variables: Variables) {
  const { code } = s;
  const home = code.buffer("home", PATH_SIZE);
  const length = code.variable("home_length");
  const above = code.variable("home_above");
  const variable = code.variable("home_variable");
  const descriptor = code.variable("home_descriptor");
  const byte = code.variable("home_byte");
  const link = code.buffer("home_link", 64);
  const find = code.procedure("find_home", [], () => {
    code.set(length, 0);
    variables.findFolder(variable, "HOME");
    code.if(variable, "==", 0, () => code.return());
    const flags = openFlags(s);
    const how = flags.O_PATH | flags.O_DIRECTORY | flags.O_CLOEXEC;
    code.syscall(descriptor, "openat", AT_FDCWD, variable, how, 0);
    m.ifError(descriptor, () => code.return());
    code.call(text.decimal, descriptor);
    text.join(link, 64, ["/proc/self/fd/", text.digits]);
    code.syscall(length, "readlinkat", AT_FDCWD, link, home, PATH_SIZE);
    m.ifError(length, () => code.set(length, 0));
    code.syscall(s.ignored, "close", descriptor);
  });
  const path = code.variable("above_path");
  const size = code.variable("above_size");
  const at = code.variable("above_at");
  const left = code.variable("above_left");
  const other = code.variable("above_other");
  /** above = the path begins with HOME and a slash. HOME=/ is nobody's. */
  const isAbove = code.procedure("home_is_above", [path, size], () => {
    code.set(above, 0);
    code.if(length, "<=", 1, () => code.return());
    code.if(size, "<=", length, () => code.return());
    code.set(at, home);
    code.set(left, length);
    code.while(left, "!=", 0, () => {
      code.read(byte, 1, at);
      code.read(other, 1, path);
      code.if(byte, "!=", other, () => code.return());
      for (const pointer of [at, path]) code.do(pointer, pointer, "+", 1);
      code.do(left, left, "-", 1);
    });
    code.read(other, 1, path);
    code.if(other, "==", SLASH, () => code.set(above, 1));
  });
  return { find, isAbove, above, length };
}
