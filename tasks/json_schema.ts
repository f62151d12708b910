/** config/schema.json: what a layer may contain, for editors and validators. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { LAYER } from "../lib/config/schema.ts";

/**
 * The JSON Schema's text. Draft 7, which the TOML editors' validators speak.
 * Some checks have no equivalent there and are left to `config check`.
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
