/** The workflows in .github, as far as they can be checked without GitHub. */
import { assert, assertEquals } from "@std/assert";
import { KEPT_VERSION, SHA256 } from "../../tasks/denort.ts";
import { exists } from "../../tasks/exists.ts";
import { capture, ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";

const ACTIONLINT = "v1.7.12";
const GOBIN = `${ROOT}/.cache/actionlint-${ACTIONLINT}`;

const WORKFLOWS = [...Deno.readDirSync(`${ROOT}/.github/workflows`)]
  .map(({ name }) => `.github/workflows/${name}`);
const FILES = [...WORKFLOWS, ".github/actions/deno/action.yml"];
const lines = FILES.flatMap((path) => Deno.readTextFileSync(`${ROOT}/${path}`).split("\n"));

test({
  name: "actionlint finds no fault in the workflows",
  needs: ["go", "shellcheck"],
  async fn() {
    const module = `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`;
    if (!exists(`${GOBIN}/actionlint`)) {
      const built = await capture(["go", "install", module], { env: { GOBIN } });
      assert(built.success, built.text);
    }
    const { text } = await capture([`${GOBIN}/actionlint`, "-no-color", ...WORKFLOWS]);
    assertEquals(text, "");
  },
});

Deno.test("each action is local, or named by the hash of a commit and its version", () => {
  const used = lines.flatMap((line) => /\buses: (.*)/.exec(line)?.[1] ?? []);
  const pinned = /^(?:\.\/\.github\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;
  assert(used.length > 0);
  assertEquals(used.filter((action) => !pinned.test(action)), []);
});

Deno.test("no script of a workflow contains an expression of GitHub's", () => {
  const said = lines.filter((line) => line.includes("${{"));
  assertEquals(said.filter((line) => !/^ +[\w-]+: /.test(line) || /\brun: /.test(line)), []);
});

Deno.test("every job declares its permissions, and no checkout keeps the token", () => {
  for (const path of WORKFLOWS) {
    const text = Deno.readTextFileSync(`${ROOT}/${path}`);
    assert(text.includes("\npermissions: {}\n"), path);
    const jobs = text.split("\njobs:\n")[1]!.split(/^ {2}(?=[\w-]+:$)/m).slice(1);
    assert(jobs.length > 0);
    for (const job of jobs) {
      assert(job.includes("\n    permissions:\n"), job);
      const steps = job.split(/^ {6}- /m).filter((step) => step.includes("actions/checkout@"));
      for (const step of steps) assert(step.includes("persist-credentials: false"), step);
    }
  }
});

Deno.test("a release has the same runtime as ./dev compile", () => {
  const pinned = Deno.readTextFileSync(`${ROOT}/.github/denort.sha256`);
  assert(pinned.includes(`${SHA256}  denort-${KEPT_VERSION}-x86_64\n`), pinned);
  const deno = Deno.readTextFileSync(`${ROOT}/tests/vm/requirements.txt`);
  assert(deno.includes(`\ndeno==${KEPT_VERSION} --hash=`), deno);
});

/** Runs fetch-denort for amd64 with a release of this runtime, and with the hash of `pinned`. */
function fetchDenort(runtime: string, pinned: string) {
  return inTemporaryDirectory(async (directory) => {
    for (const path of [".github", "tests/vm", `v${KEPT_VERSION}`]) {
      await Deno.mkdir(`${directory}/${path}`, { recursive: true });
    }
    for (const path of [".github/fetch-denort", "tests/vm/requirements.txt"]) {
      await Deno.copyFile(`${ROOT}/${path}`, `${directory}/${path}`);
    }
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pinned));
    const line = `${new Uint8Array(digest).toHex()}  denort-${KEPT_VERSION}-x86_64\n`;
    await Deno.writeTextFile(`${directory}/.github/denort.sha256`, line);
    await Deno.writeTextFile(`${directory}/denort`, runtime);
    const archive = `v${KEPT_VERSION}/denort-x86_64-unknown-linux-gnu.zip`;
    const zip = ["python3", "-m", "zipfile", "-c", archive, "denort"];
    assert((await capture(zip, { cwd: directory })).success);
    const env = { DENO_RELEASES: `file://${directory}`, TMPDIR: directory };
    const fetch = [`${directory}/.github/fetch-denort`, "amd64", `${directory}/fetched`];
    const { success, text } = await capture(fetch, { env });
    const fetched = exists(`${directory}/fetched`)
      ? await Deno.readTextFile(`${directory}/fetched`)
      : undefined;
    return { success, text, fetched };
  });
}

test({
  name: "fetch-denort stores the runtime only if its hash is pinned",
  needs: ["python3", "curl", "unzip"],
  async fn() {
    const fetched = await fetchDenort("runtime", "runtime");
    assertEquals(fetched, { success: true, text: "", fetched: "runtime" });
    const refused = await fetchDenort("another", "runtime");
    assertEquals([refused.success, refused.fetched], [false, undefined]);
    const name = `denort-${KEPT_VERSION}-x86_64`;
    const said = `fetch-denort: Cannot use ${name}: its SHA-256 `;
    assert(refused.text.startsWith(said), refused.text);
  },
});
