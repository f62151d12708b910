/** Follows the links in the literal parts of the rules' paths. */
import type { Environment } from "../environment.ts";
import { followLinks } from "../follow_links.ts";
import type { Link, Rule } from "./config.ts";
import { MAX_HOME_PARTS, MAX_PLACES, MAX_WATCHED } from "./limits.ts";
import { literalPart } from "./literal_part.ts";
import { trustedOwners } from "./trust.ts";

export interface FollowedRules {
  readonly rules: readonly Rule[];
  readonly links: readonly Link[];
  /** The first rule whose links are not followed, and why, without a period; for each limit. */
  readonly limits: readonly { readonly rule: Rule; readonly why: string }[];
}

const TOO_MANY_PLACES =
  `links in this rule and those after it are not followed: the rules' paths lead through more ` +
  `than ${MAX_PLACES} files and directories`;
const TOO_MANY_HOME_PARTS =
  `links in this rule and those after it are not followed: more than ${MAX_HOME_PARTS} paths ` +
  `below ~/ would have to be followed at each start`;

/**
 * Follows links while the rules' paths, in order of precedence, lead through at most MAX_PLACES
 * places. The handler follows what is below `~/`: it knows the caller's home directory.
 */
export function followRules(rules: readonly Rule[], environment: Environment): FollowedRules {
  const places = new Places(environment);
  const homeParts = new Set<string>();
  const limits = new Map<string, Rule>();
  const stop = (why: string, rule: Rule) => {
    if (!limits.has(why)) limits.set(why, rule);
    return rule;
  };
  const followed = rules.map((rule) => {
    const part = literalPart(rule.path);
    if (part === "" || part === "~") return rule;
    if (part.startsWith("~/")) {
      if (limits.has(TOO_MANY_HOME_PARTS)) return rule;
      if (homeParts.size === MAX_HOME_PARTS && !homeParts.has(part)) {
        return stop(TOO_MANY_HOME_PARTS, rule);
      }
      homeParts.add(part);
      return { ...rule, leads_to: part };
    }
    if (places.looked >= MAX_PLACES) return stop(TOO_MANY_PLACES, rule);
    const leads_to = places.follow(part);
    return leads_to === undefined || leads_to === part ? rule : { ...rule, leads_to };
  });
  return {
    rules: followed,
    links: places.watched(),
    limits: Array.from(limits, ([why, rule]) => ({ rule, why })),
  };
}

/** What is at a path without links in its directories; the target, if it is a link to follow. */
interface Place {
  readonly target: string | undefined;
}

const NO_LINK: Place = { target: undefined };
/** It is absent, and so is everything below it. */
const ABSENT: Place = { target: undefined };
/** Neither it nor anything below it is followed. */
const FOREIGN: Place = { target: undefined };

class Places {
  readonly #environment: Environment;
  readonly #owners: readonly number[];
  readonly #known = new Map<string, Place>();
  /** How many places were looked at. */
  looked = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#owners = trustedOwners(environment);
  }

  /** The path with its trusted links followed. */
  follow(path: string): string | undefined {
    return followLinks(path, (here) => {
      const above = this.#known.get(here.slice(0, here.lastIndexOf("/")));
      const ends = above === ABSENT || above === FOREIGN;
      const place = this.#known.get(here) ?? (ends ? above : this.#look(here));
      this.#known.set(here, place);
      return place.target;
    });
  }

  /** The first links, which each start checks. */
  watched(): Link[] {
    return [...this.#known]
      .flatMap(([path, { target }]) => target === undefined ? [] : [{ path, target }])
      .slice(0, MAX_WATCHED);
  }

  /**
   * A link counts only if nobody but the effective user and root could have put it there.
   * Otherwise the owner of a directory that a rule names could redirect the rule.
   */
  #look(path: string): Place {
    this.looked++;
    const facts = this.#environment.lstat(path);
    if (typeof facts === "string") return ABSENT;
    if (!this.#owners.includes(facts.uid)) return FOREIGN;
    if (!facts.isLink) return NO_LINK;
    const target = this.#environment.readLink(path);
    // The target is not UTF-8, or the link is gone by now.
    return target === undefined ? FOREIGN : { target };
  }
}
