/** Makes config/schema.json, which describes layers for editors and validators. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { LAYER } from "../lib/config/schema.ts";

/**
 * The JSON Schema, in draft 7 for TOML editors. It leaves some checks to `config check`, which have
 * no equivalent there.
 */
export function jsonSchema(): string {
  const schema = toJsonSchema(LAYER, {
    target: "draft-07",
    typeMode: "input",
    errorMode: "ignore",
    ignoreActions: ["metadata"],
  });
  const { $schema, ...rest } = schema;
  const whole = {
    $schema,
    title: "binfmt-dispatcher configuration",
    description: "One layer of binfmt-dispatcher's configuration; later layers win key by key.",
    ...rest,
  };
  return JSON.stringify(whole, null, 2) + "\n";
}
