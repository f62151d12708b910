/** Stand-in for jsr:@std/cli, on minimist. */
export { default as parseArgs } from "npm:minimist@1.2.8";
