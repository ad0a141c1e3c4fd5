// Start of a program in JavaScript: everything that has to be opened is open, then the program runs, in this process.
//
// Descriptors: 66 holds the program, 67 is joined with the process that started this one. A byte there says that this
// one is ready; the byte that comes back says that no descriptor can be opened any more.
"use strict";
const fs = require("fs");
const Module = require("module");
const vm = require("vm");

const PROGRAM = 66;
const STARTER = 67;

for (const name of Module.builtinModules) {
    // No module can be loaded later. Those that warn, or are of no use without descriptors, are left out.
    if (!name.startsWith("_") && !/^(punycode|sys|wasi|inspector|trace_events|diagnostics_channel|repl|cluster)/.test(name)) {
        try {
            require(name);
        } catch {
            // not in this release
        }
    }
}

function wait() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // a millisecond, without computing
}

function readAll(descriptor, position = null) {
    const parts = [];
    const room = Buffer.alloc(1 << 16);
    for (;;) {
        let count;
        try {
            count = fs.readSync(descriptor, room, 0, room.length, position);
        } catch (error) {
            if (error.code === "EAGAIN") {
                wait();
                continue;
            }
            if (error.code === "EOF") break;
            throw error;
        }
        if (count === 0) break;
        parts.push(Buffer.from(room.subarray(0, count)));
        if (position !== null) position += count;
    }
    return Buffer.concat(parts);
}

// Where functions of the program are called, a driver of calls is named, which gets to run the program.
const serve = process.argv[2] === undefined ? (run) => run() : require(process.argv[2]);
const source = readAll(PROGRAM, 0).toString("utf8");
fs.closeSync(PROGRAM);

// Standard streams are read and written by their numbers, whatever they are called: opening a name takes a descriptor.
const standardInput = new Set([0, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]);
function encodingOf(options) {
    return typeof options === "string" ? options : options && options.encoding;
}
const { readFileSync } = fs;
fs.readFileSync = function (file, options) {
    if (!standardInput.has(file)) return readFileSync.call(this, file, options);
    const data = readAll(0);
    const encoding = encodingOf(options);
    return encoding ? data.toString(encoding) : data;
};
const standardOutputs = new Map([
    [1, 1], ["/dev/stdout", 1], ["/dev/fd/1", 1], ["/proc/self/fd/1", 1],
    [2, 2], ["/dev/stderr", 2], ["/dev/fd/2", 2], ["/proc/self/fd/2", 2],
]);
const { writeFileSync, writeSync } = fs;
function writeAll(descriptor, bytes) {
    // The stream objects of the same descriptors make a full pipe refuse in place of waiting.
    let done = 0;
    while (done < bytes.length) {
        try {
            done += writeSync(descriptor, bytes, done);
        } catch (error) {
            if (error.code !== "EAGAIN") throw error;
            wait();
        }
    }
    return bytes.length;
}
fs.writeSync = function (descriptor, data, ...rest) {
    if (!(descriptor === 1 || descriptor === 2)) return writeSync(descriptor, data, ...rest);
    if (typeof data === "string") return writeAll(descriptor, Buffer.from(data, rest[1]));
    const { offset = 0, length = data.byteLength - offset } =
        typeof rest[0] === "object" && rest[0] !== null ? rest[0] : { offset: rest[0] ?? 0, length: rest[1] ?? undefined };
    return writeAll(descriptor, Buffer.from(data.buffer, data.byteOffset + offset, length));
};
fs.writeFileSync = function (file, data, options) {
    const descriptor = standardOutputs.get(file);
    if (descriptor === undefined) return writeFileSync.call(this, file, data, options);
    writeAll(descriptor, typeof data === "string" ? Buffer.from(data, encodingOf(options) ?? "utf8") : Buffer.from(data));
};

fs.writeSync(STARTER, "R");
fs.readSync(STARTER, Buffer.alloc(1), 0, 1, null);
fs.closeSync(STARTER);

const main = new Module("/solution.js", null);
main.filename = "/solution.js";
main.paths = [];
main.loaded = true;
process.argv = [process.argv[0], "/solution.js"];
process.mainModule = main;
require.main = main;
const wrapped = vm.runInThisContext(Module.wrap(source), { filename: "solution.js" });
const load = (name) => main.require(name);
load.main = main;
serve(() => wrapped.call(main.exports, main.exports, load, main, "/solution.js", "/"), main);
