import { npmParts } from "./npm_parts.ts";
import type { Runtime } from "./runtime.ts";
import deno from "../../deno.json" with { type: "json" };

/** The program's parts as CycloneDX: https://cyclonedx.org/docs/1.6/json/ */
export async function sbom(runtime: Runtime, date: Date): Promise<string> {
  const own = `pkg:generic/binfmt-dispatcher@${deno.version}`;
  const parts = (await npmParts()).map(({ name, version, sha512 }) => {
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const hashes = [{ alg: "SHA-512", content: sha512 }];
    return { type: "library", "bom-ref": purl, name, version, purl, hashes };
  });
  const denort = {
    type: "platform",
    "bom-ref": `pkg:generic/denort@${runtime.version}`,
    name: "denort",
    version: runtime.version,
    description: `Deno's runtime, by ${runtime.file}`,
    licenses: [{ license: { id: "MIT" } }],
    hashes: [{ alg: "SHA-256", content: runtime.sha256 }],
  };
  const components = [denort, ...parts];
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: date.toISOString(),
      component: {
        type: "application",
        "bom-ref": own,
        name: "binfmt-dispatcher",
        version: deno.version,
        licenses: [{ license: { id: deno.license } }],
      },
    },
    components,
    dependencies: [{ ref: own, dependsOn: components.map((each) => each["bom-ref"]) }],
  };
  return JSON.stringify(bill, null, 2) + "\n";
}
