import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import { Ajv } from "ajv";
import { checkLayer } from "../../lib/config/check_layer.ts";
import { TABLES } from "../../lib/config/schema.ts";
import { jsonSchema } from "../../tasks/json_schema.ts";
import { HOSTS, shippedConfig } from "../../tasks/shipped_config.ts";
import { diagnosticLines, load } from "./load_config.ts";

const read = (path: string) =>
  Deno.readTextFileSync(new URL(`../../config/${path}`, import.meta.url));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(read("schema.json")),
);

Deno.test("config/schema.json is generated from the loader's definitions", () => {
  assertEquals(read("schema.json"), jsonSchema());
});

interface Described {
  readonly description?: string;
  readonly properties?: Record<string, Described>;
  readonly additionalProperties?: Described | boolean;
}

function undescribed(schema: Described, name: string): string[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, item]) => [
    ...(item.description === undefined ? [`${name}.${key}`] : []),
    ...undescribed(item, `${name}.${key}`),
  ]);
  const { additionalProperties: any } = schema;
  return typeof any === "object" ? [...inner, ...undescribed(any, `${name}.*`)] : inner;
}

Deno.test("config/schema.json describes every key", () => {
  const schema = JSON.parse(read("schema.json"));
  assertEquals(Object.keys(schema.properties).sort(), Object.keys(TABLES).sort());
  assertEquals(undescribed(schema, ""), []);
});

for (const host of HOSTS) {
  Deno.test(`config/${host}.toml is current, fits the schema and has no fault`, async () => {
    const text = read(`${host}.toml`);
    assertEquals(text, await shippedConfig(host));
    assert(text.startsWith("#:schema ./schema.json\n"));
    assert(validate(parse(text)), JSON.stringify(validate.errors));
    assertEquals(diagnosticLines(load(text)), []);
  });
}

const VALUES = [
  ...['"/x"', '["/x", "~/y"]', '"x"', "[]", '["/x", ["/y"]]', "1", "4096", "-1", "1.5", "true"],
  ...['"MZ"', '{ dnf = ["a", "b?"] }', '{ dnf = "-y" }', '{ A = "b" }', '{ "A B" = "c" }'],
  ...['"static"', '"debug"', '"jar"', '"*/x"', '"a\\u0000"', '"a\\n"', '["LISTEN_*"]', '["*_X"]'],
  ...["[[]]", "{}"],
];

Deno.test("the schema and the loader agree on what is valid", () => {
  let valid = 0;
  for (const [section, keys] of Object.entries(TABLES)) {
    const header = ["defaults", "muvm"].includes(section) ? section : `${section}.x`;
    for (const key of [...Object.keys(keys), "unknown"]) {
      for (const value of VALUES) {
        const table = parse(`[${header}]\n${key} = ${value}\n`);
        const isValid = validate(JSON.parse(JSON.stringify(table)));
        // Only the loader knows placeholders; to the schema an unknown key is an error.
        const { diagnostics } = checkLayer(table, 0);
        const fits = diagnostics.every(({ message }) => message.startsWith("unknown placeholder"));
        assertEquals(isValid, fits, `${section}.${key} = ${value}: ${JSON.stringify(diagnostics)}`);
        if (isValid) valid++;
      }
    }
  }
  assert(valid > 60, `${valid} were valid`);
});
