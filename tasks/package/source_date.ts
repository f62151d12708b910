import { capture } from "../start.ts";

/**
 * The packages' timestamp: SOURCE_DATE_EPOCH, or the time of the last commit. Undefined if neither
 * exists. https://reproducible-builds.org/specs/source-date-epoch/
 */
export async function sourceDate(): Promise<Date | undefined> {
  const given = Deno.env.get("SOURCE_DATE_EPOCH");
  const commit = await capture(["git", "log", "-1", "--format=%ct"]);
  const seconds = given ?? (commit.success ? commit.text.trim() : "");
  return /^\d+$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;
}
