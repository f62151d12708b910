/**
 * Stand-in for jsr:@std/path, on node:path.
 * https://github.com/denoland/std/tree/main/path
 */
import { posix } from "node:path";

export const { basename, dirname, isAbsolute, join, relative, resolve } = posix;
