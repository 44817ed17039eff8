// What @zoom/rivet's types say of a value: TypeScript judges it as if it stood in a program of Zoom's customers.

import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * What TypeScript finds wrong with `value` as this type of `@zoom/rivet/meetings`; `members` names a part of the type. Members
 * that the type does not know are wrong too.
 */
export function complaints(type, members, value) {
  const name = path.join(here, "judged.ts");
  const text = [
    `import type { ${type} } from "@zoom/rivet/meetings";`,
    `const value: ${type}${members} = ${JSON.stringify(value)};`,
    "void value;",
  ].join("\n");
  const options = {
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.readFile = (file) => (file === name ? text : readFile(file));
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, rest[0]) : getSourceFile(file, ...rest);
  const program = ts.createProgram([name], options, host);
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(name));
  return found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, " "));
}
