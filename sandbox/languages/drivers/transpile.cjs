// Turn a program in TypeScript into JavaScript. Types are not checked, as by runners of single files; errors of syntax are.
"use strict";
const fs = require("fs");
const ts = require("typescript");

const [source, target] = process.argv.slice(2);
const made = ts.transpileModule(fs.readFileSync(source, "utf8"), {
    fileName: "solution.ts",
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
});
const errors = (made.diagnostics || []).filter((each) => each.category === ts.DiagnosticCategory.Error);
if (errors.length > 0) {
    const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => "", getNewLine: () => "\n" };
    process.stderr.write(ts.formatDiagnostics(errors, host));
    process.exit(1);
}
fs.writeFileSync(target, made.outputText);
